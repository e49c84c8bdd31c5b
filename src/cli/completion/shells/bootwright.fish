# fish completion for bootwright(1).
#
# For this shell:   bootwright completion fish | source
# For good:         bootwright completion fish >~/.config/fish/completions/bootwright.fish
#
# What could come next is asked from bootwright itself, so this never needs to be renewed.

function __bootwright_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    # As typed, so that ./bootwright asks itself.
    set -l program (string replace -r '^~/' "$HOME/" -- $words[1])
    set -l flag (string match -r -- '^--[^=]+=' $current)
    set -l typed (string replace -r -- '^--[^=]+=' '' $current)
    # An open quote is no word yet; then the start of it has to do.
    set -l plain (string unescape -- $typed); and set typed $plain
    for line in ($program complete --shell fish -- $words[2..] "$current" 2>/dev/null)
        switch $line
            case :files
                printf '%s\n' "$flag"(__fish_complete_path "$typed")
            case :folders
                printf '%s\n' "$flag"(__fish_complete_directories "$typed" '')
            case '*'
                printf '%s\n' $line
        end
    end
end

complete -c bootwright -f -a '(__bootwright_complete)'
