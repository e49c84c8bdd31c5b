#!/bin/sh
# Stands in PATH before the compiler of its own name, and compiles through ccache.
#
# ccache learns in depend mode from the compiler itself what a source includes; else it has the
# source preprocessed for that first, which takes half as long again as compiling it. But only the
# preprocessed text shows it what .incbin takes in: a source that may do that is left to it as usual.
for source; do :; done
case $source in
*.c)
  if ! grep -qi incbin "$source"; then
    unset CCACHE_NODEPEND
    export CCACHE_DEPEND=1
  fi
  ;;
esac
exec ccache "${0##*/}" "$@"
