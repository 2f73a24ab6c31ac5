### test with one to four arguments
for a in '' x ! -n '('; do [ "$a" ] && echo yes || echo no; done
[ ! x ] || echo a
[ ! = ! ] && echo c
[ '(' x ')' ] && echo d
[ -n = -n ] && echo e
[ ! x = y ] && echo f
[ -z '' -a -n x ] && echo g
[ -z x -o -n x ] && echo h
--- stdout
no
yes
yes
yes
yes
a
c
d
e
f
g
h
### test with an error
[ 1 -lt x ] 2>/dev/null
echo $?
[ a 2>/dev/null
echo $?
test 1 = 1 = 1 2>/dev/null
echo $?
--- stdout
2
2
2
### numbers with zeros and signs
[ 010 -eq 10 ] && [ -5 -lt +3 ] && [ -0 -eq 0 ] && echo yes
--- stdout
yes
### files of all kinds
mkdir d
ln -s nowhere l
mkfifo p
echo x >f
chmod 600 f
[ -d d ] && [ -L l ] && [ ! -e l ] && [ -p p ] && [ -s f ] && [ -r f ] && [ ! -x f ] && [ -c /dev/null ] && echo yes
--- stdout
yes
### echo and its escapes
echo 'a\nb' 'c\\d' 'e\0101f' 'g\ch' no
echo 'i\tj\k'
--- stdout
a
b c\d eAf gi	j\k
### echo options
echo -n a -n
echo
echo -- x
--- stdout
a -n
-- x
### printf and missing arguments
printf '%s|%d|\n'
printf '%s\n'
--- stdout
|0|

### printf reuses its format
printf '%s=%d\n' a 1 b 2 c
printf 'x\n' a b
--- stdout
a=1
b=2
c=0
x
### printf of numbers
printf '%d %i %u %o %x %X\n' -5 +6 7 8 255 255
printf '%d %d %d\n' 0x10 010 "'a"
printf '%5d|%-5d|%05d|%+d|% d|%.3d\n' 42 42 42 42 42 42
printf '%#o %#x\n' 8 255
printf '%*d|%-*d|%.*d\n' 5 1 5 2 3 4
--- stdout
-5 6 7 10 ff FF
16 8 97
   42|42   |00042|+42| 42|042
010 0xff
    1|2    |004
### printf of strings
printf '%.2s|%5.1s|%-4s|\n' abc xyz q
printf '%b|%s\n' 'a\tb' 'a\tb'
printf '\101\060\n'
printf '%%|%c\n' abc
printf 'a%bc\n' 'x\cy'
echo
--- stdout
ab|    x|q   |
a	b|a\tb
A0
%|a
ax
### printf of what is no number
printf '%d\n' abc 2>/dev/null
echo $?
printf '%d\n' 12x 2>/dev/null
echo $?
--- stdout
0
1
12
1
### read with fewer fields and with more
printf 'a\n' | { read x y z; echo "[$x][$y][$z]"; }
printf 'a b c d\n' | { read x y; echo "[$x][$y]"; }
--- stdout
[a][][]
[a][b c d]
### read and blanks at the ends
printf '  a  b  \n' | { read x; echo "[$x]"; }
printf '  a  b  \n' | { IFS= read x; echo "[$x]"; }
--- stdout
[a  b]
[  a  b  ]
### read with another separator
printf 'a:b:c\n' | { IFS=: read x y; echo "[$x][$y]"; }
printf 'a:b:\n' | { IFS=: read x y; echo "[$x][$y]"; }
printf ':a\n' | { IFS=: read x y; echo "[$x][$y]"; }
--- stdout
[a][b:c]
[a][b]
[][a]
### read and a continued line
printf 'a\\\nb\nc\n' | { read x; read y; echo "$x $y"; }
printf 'a\\ b c\n' | { read x y; echo "[$x][$y]"; }
--- stdout
ab c
[a b][c]
### read at the end of a file
printf 'last' | { read x; echo "$? $x"; }
read x </dev/null
echo "$? [$x]"
--- stdout
1 last
1 []
### read leaves the rest to others
printf 'one\ntwo\nthree\n' >f
{ read x; cat; } <f
printf 'one\ntwo\n' | { read x; cat; }
--- stdout
two
three
two
### cd along CDPATH
mkdir -p a/target b
CDPATH=$PWD/a
cd target | sed 's,.*/a/,a/,'
--- stdout
a/target
### cd to nothing
cd /missing 2>/dev/null
echo $?
--- stdout
2
### cd and links
mkdir -p real/sub
ln -s real link
cd link/sub
pwd | sed 's,.*/link,link,'
pwd -P | sed 's,.*/real,real,'
cd ..
pwd | sed 's,.*/,,'
cd -P sub/..
pwd | sed 's,.*/,,'
--- stdout
link/sub
real/sub
link
real
### cd remembers
a=$PWD
mkdir d
cd d
test "$OLDPWD" = "$a" && echo yes
test "$(cd -)" = "$a" && echo told
--- stdout
yes
told
### cd home
mkdir h
HOME=$PWD/h
cd
pwd | sed 's,.*/,,'
--- stdout
h
### eval joins its arguments
eval echo a "'b  c'" \; echo d
eval
echo $?
eval false
echo $?
--- stdout
a b  c
d
0
1
### eval and a syntax that spans
eval 'for i in 1 2
do echo $i
done'
--- stdout
1
2
### a dot file sees and sets
x=1
echo 'echo $x; x=2' >lib
. ./lib
echo $x
--- stdout
1
2
### a dot file is found along PATH
mkdir bin
echo 'echo found' >bin/lib
PATH=$PWD/bin:$PATH
. lib
--- stdout
found
### a dot file that is missing ends the shell
echo before
. ./missing
echo after
--- stdout
before
--- status 2
### getopts with arguments
set -- -a -bfoo -c bar -- -d rest
while getopts ab:c:d o; do echo "$o [$OPTARG]"; done
echo $OPTIND
shift $((OPTIND-1))
echo "$@"
--- stdout
a []
b [foo]
c [bar]
6
-d rest
### getopts and what is wrong
set -- -x -b
while getopts :ab: o; do echo "$o [$OPTARG]"; done
set -- -x
OPTIND=1
getopts ab o 2>/dev/null
echo "$? $o"
--- stdout
? [x]
: [b]
0 ?
### getopts with letters together
while getopts abc: o -ab -cx -a; do echo "$o$OPTARG"; done
--- stdout
a
b
cx
a
### alias of an alias
alias one='two x' two='echo'
one y
--- stdout
x y
### an alias that names itself
alias echo='echo a'
echo b
--- stdout
a b
### an alias that ends in a blank
alias run='echo ' word='expanded'
run word word
run 'word'
--- stdout
expanded word
word
### an alias is not for arguments
alias x=y
echo x
--- stdout
x
### an alias for the next line only
alias a1='echo alias'; a1 2>/dev/null
echo $?
a1
unalias a1
a1 2>/dev/null
echo $?
--- stdout
127
alias
127
### an alias of a reserved word
alias forever='while :; do'
forever echo once; break; done
--- stdout
once
### command and functions
cd() { echo mine; }
cd /
command cd /
pwd
--- stdout
mine
/
### command and errors of special built-ins
command : <missing 2>/dev/null
echo $?
command shift 9 2>/dev/null
echo $?
echo still here
--- stdout
2
2
still here
### command finds
command -v sh | sed 's,.*/,,'
command -v missing-command
echo $?
command -v if cd
--- stdout
sh
127
if
### type of things
type cd missing-thing >/dev/null 2>&1
echo $?
--- stdout
127
### kill and its names
kill -l 9
kill -l 137
kill -0 $$ && echo alive
--- stdout
KILL
KILL
alive
### umask in octal
umask 022
umask
umask 077
touch f
ls -l f | cut -c1-10
umask 0
umask
--- stdout
0022
-rw-------
0000
### umask in symbols
umask 022
umask -S
umask g=,o-r
umask -S
umask u+x,a=rx
umask
--- stdout
u=rwx,g=rx,o=rx
u=rwx,g=,o=x
0222
### ulimit
ulimit -n 100
ulimit -n
ulimit -S -n 50
ulimit -S -n
ulimit -H -n
sh -c 'ulimit -n'
--- stdout
100
50
100
50
### export and its list
x='a b'
export x
export -p | grep '^export x='
export y=1 z
sh -c 'echo $y'
--- stdout
export x='a b'
1
### unset of what is not set
unset nothing
echo $?
x=1
f() { :; }
unset -v x
unset -f f
echo "[$x]"
--- stdout
0
[]
### unset of a readonly variable
readonly r=1
echo before
unset r
echo after
--- stdout
before
--- status 2
### readonly and its list
readonly a=1
readonly -p | grep '^readonly a='
--- stdout
readonly a='1'
### times has two lines
times | wc -l | tr -d ' '
--- stdout
2
### exec replaces the shell
exec echo replaced
echo no
--- stdout
replaced
### exec of what is missing
exec missing-command 2>/dev/null
echo no
--- stdout
--- status 127
### exec with an environment
x=5 exec sh -c 'echo $x'
--- stdout
5
### wait without children
wait
echo $?
--- stdout
0
### true and false ignore arguments
true x y
echo $?
false x y
echo $?
--- stdout
0
1
