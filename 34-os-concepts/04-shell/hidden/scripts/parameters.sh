### a word that is not needed is not expanded
x=1
echo ${x:-$(echo ran >&2)} ${y+$(echo ran >&2)} 2>&1
--- stdout
1
### words with quotes
echo "${x-a  b}" ${x-"a  b"} ${x-'a  b'}
--- stdout
a  b a  b a  b
### quotes inside a quoted word
echo "${x-"a  b"}" "${x-'a'}"
--- stdout
a  b 'a'
### a brace in a quoted word
echo ${x-a\}b} "${x-a\}b}" ${x-'}'}
--- stdout
a}b a}b }
### nested defaults
echo ${x-${y-${z-deep}}}
--- stdout
deep
### a word is split like a value
printf '[%s]' ${x-a b}; echo
printf '[%s]' "${x-a b}"; echo
printf '[%s]' ${x-'a b' c}; echo
--- stdout
[a][b]
[a b]
[a b][c]
### the positional parameters in a word
set -- 'a b' c
printf '[%s]' ${x-"$@"}; echo
printf '[%s]' "${x-$@}"; echo
printf '[%s]' ${1+"$@"}; echo
--- stdout
[a b][c]
[a b][c]
[a b][c]
### no parameters
set --
printf '[%s]' a "$@" b; echo
printf '[%s]' a "$*" b; echo
printf '[%s]' a $@ b; echo
printf '[%s]' a "x$@" b; echo
--- stdout
[a][b]
[a][][b]
[a][b]
[a][x][b]
### empty parameters
set -- '' a ''
printf '[%s]' "$@"; echo
printf '[%s]' $@; echo
echo $#
--- stdout
[][a][]
[a]
3
### text around all parameters
set -- a b c
printf '[%s]' "<$@>"; echo
printf '[%s]' "<$*>"; echo
printf '[%s]' <"$0" x$@y; echo
--- stdout
[<a][b][c>]
[<a b c>]
[xa][b][cy]
### the star with an empty IFS
set -- a b c
IFS=
echo "$*"
--- stdout
abc
### the star with an unset IFS
set -- a b c
unset IFS
echo "$*"
--- stdout
a b c
### assignment of all parameters
set -- a 'b  c'
x=$@
echo "$x"
x="$*"
echo "$x"
--- stdout
a b  c
a b  c
### the length of numbers and of parameters
set -- abc de
echo ${#1} ${#2} ${#3} ${#} ${#x}
--- stdout
3 2 0 2 0
### special names with operations
set -- a
echo ${1-x} ${2-y} ${#-z} ${?-w} ${10-ten}
--- stdout
a y 1 0 ten
### a null value
x=
echo "${x-a}" "${x:-a}" "${x+b}" "${x:+b}" "[${x}]"
--- stdout
 a b  []
### trimming that matches nothing
x=hello
echo ${x#z} ${x%z} ${x##} ${x%%}
--- stdout
hello hello hello hello
### trimming everything
x=hello
echo "[${x#*}]" "[${x##*}]" "[${x%*}]" "[${x%%*}]"
--- stdout
[hello] [] [hello] []
### a quoted pattern
x='a*b*c'
echo "${x#*'*'}" "${x##*'*'}" "${x%\**}" "${x%%"*"*}"
--- stdout
b*c c a*b a
### a pattern out of a variable
x=hello.world p='*.'
echo ${x#$p} "${x#"$p"}"
--- stdout
world hello.world
### classes in a pattern
x=123abc
echo ${x##*[0-9]} ${x#[[:digit:]]} ${x%%[[:alpha:]]*} ${x#[!a]}
--- stdout
abc 23abc 123 23abc
### an assignment that fails
readonly r=1
r=2
echo not here
--- stdout
--- status 2
### assigning to a positional parameter
echo ${1=x}
echo not here
--- stdout
--- status 2
### a message for an unset parameter
echo before
echo ${nothing?this is missing}
echo after
--- stdout
before
--- status 2
### a colon in the demand
x=
(echo ${x?}; echo set)
(echo ${x:?}; echo set) 2>/dev/null
echo $?
--- stdout

set
2
### a bad substitution
echo before
echo ${x!y}
--- stdout
before
--- status 2
### the default assigns once
x=
: ${x:=$(echo one)} ${x:=$(echo two)}
echo $x
--- stdout
one
### values with special bytes
x='* ? [a] \ $y `z` "q"'
printf '%s\n' "$x"
--- stdout
* ? [a] \ $y `z` "q"
### parameters beyond the last
set -- a
echo "[$2]" "[${9}]" "[${12}]"
--- stdout
[] [] []
### unset positional parameters under -u
set -u
set --
echo $#
(echo $1) 2>/dev/null
echo $?
echo "[$*]" "[${1-}]"
--- stdout
0
2
[] []
### set keeps dashes behind dashes
set -- -e -x
echo $1 $2 $#
--- stdout
-e -x 2
### the name of the script
echo $0
--- stdout
../script.sh
### assignments see those before them
a=1 b=$a$a
echo $b
--- stdout
11
### an environment for one command only
x=old
x=new eval 'echo $x'
f() { echo $x; }
y=1 f
x=tmp f
--- stdout
new
new
tmp
### exported values reach programs
export a=1
b=2
sh -c 'echo "$a-$b"'
c=3 sh -c 'echo $c'
--- stdout
1-
3
### a shift too many
set -- a
shift 2 2>/dev/null
echo not here
--- stdout
--- status 2
