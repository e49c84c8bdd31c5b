# bash completion for bootwright(1).
#
# For this shell:   source <(bootwright completion bash)
# For good:         bootwright completion bash >~/.local/share/bash-completion/completions/bootwright
#                   (with the package bash-completion; or put the line above into ~/.bashrc)
#
# What could come next is asked from bootwright itself, so this never needs to be renewed.

_bootwright() {
    local program=$1 line
    # As typed, so that ./bootwright asks itself.
    if [[ $program == \~/* ]]; then program=$HOME/${program:2}; fi
    COMPREPLY=()
    while IFS= read -r line; do
        case $line in
        :files) compopt -o default ;;
        :folders) compopt -o dirnames ;;
        *) COMPREPLY+=("${line%%$'\t'*}") ;;
        esac
    done < <("$program" complete --shell bash -- "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}

complete -F _bootwright bootwright
