#!/bin/sh
# Prints the runnable examples of a page, a command after the other: in its literal blocks the lines that
# begin with "$ ", without that, and what follows a line that ends in a backslash or a bar. In a manual page
# only the section EXAMPLES counts, and there every .Dl line too.
# usage: examples.sh PAGE     (mdoc or Markdown)
set -eu
case $1 in
    *.md) awk '/^```/ { inside = !inside; next } inside' "$1" ;;
    *) awk '/^\.Sh / { examples = $2 == "EXAMPLES" }
            examples && /^\.Bd / { inside = 1; next }
            /^\.Ed/ { inside = 0 }
            examples && /^\.Dl / { sub(/^\.Dl /, "$ "); print }
            inside' "$1" |
        sed 's/\\e/\\/g; s/\\&//g; s/\\-/-/g; s/\\(dq/"/g; s/\\(ba/|/g; s/\\(aq/'"'"'/g' ;;
esac | awk 'more || /^\$ / { print more ? $0 : substr($0, 3); more = /[\\|]$/ }'
