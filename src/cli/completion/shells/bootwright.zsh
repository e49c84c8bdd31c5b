#compdef bootwright
# zsh completion for bootwright(1).
#
# For this shell:   source <(bootwright completion zsh)
# For good:         bootwright completion zsh >"${fpath[1]}/_bootwright", then start a new shell
#
# What could come next is asked from bootwright itself, so this never needs to be renewed.

_bootwright() {
  local program=${(Q)words[1]} line also
  local -a values
  # As typed, so that ./bootwright asks itself.
  program=${program/#\~\//$HOME/}
  while IFS= read -r line; do
    case $line in
    :files | :folders) also=${line#:} ;;
    *$'\t'?*) values+=("${${line%%$'\t'*}//:/\\:}:${line#*$'\t'}") ;;
    *) values+=("${${line%%$'\t'*}//:/\\:}") ;;
    esac
  done < <("$program" complete --shell zsh -- "${(@)words[2,CURRENT]}" 2>/dev/null)
  if (( $#values )); then
    _describe -t values value values && return
  fi
  [[ $also == ?* && $PREFIX == --*=* ]] && compset -P '*='
  case $also in
  files) _files ;;
  folders) _files -/ ;;
  *) return 1 ;;
  esac
}

# Sourced, it is yet to be announced; loaded from $fpath, it is being asked for the first time.
if [[ $funcstack[1] == _bootwright ]]; then
  _bootwright "$@"
else
  compdef _bootwright bootwright
fi
