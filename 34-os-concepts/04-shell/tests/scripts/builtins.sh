### cd and pwd
mkdir -p a/b
cd a/b
pwd | sed 's,.*/a/,a/,'
cd ..
basename "$(pwd)"
cd - >/dev/null
basename "$PWD"
--- stdout
a/b
a
b
### test with strings
test a = a && echo 1
test a != b && echo 2
[ -z '' ] && echo 3
[ -n x ] && echo 4
[ x ] && echo 5
[ '' ] || echo 6
--- stdout
1
2
3
4
5
6
### test with numbers
[ 1 -lt 2 ] && [ 2 -ge 2 ] && [ 3 -ne 4 ] && [ 10 -eq 10 ] && echo yes
[ 2 -gt 10 ] || echo no
--- stdout
yes
no
### test with files
touch f
mkdir d
[ -f f ] && [ -d d ] && [ -e f ] && [ ! -e g ] && [ ! -s f ] && echo yes
--- stdout
yes
### echo
echo a b
echo
echo -n x
echo 'a\tb\\c'
--- stdout
a b

xa	b\c
### printf
printf '%s-%s\n' a b c d
printf '%d %x %o %c\n' 10 255 8 xyz
printf '[%5s][%-5s][%05d]\n' a b 42
printf '%b' 'a\nb\n'
--- stdout
a-b
c-d
10 ff 10 x
[    a][b    ][00042]
a
b
### read
printf 'a b c\n' >f
read x y <f
echo "$x" "$y"
--- stdout
a b c
### read and backslashes
printf 'a\\nb\n' >f
read x <f
echo "$x"
read -r x <f
printf '%s\n' "$x"
--- stdout
anb
a\nb
### eval
x='echo $y'
y=hello
eval $x
--- stdout
hello
### export
x=1
export x
sh -c 'echo $x'
--- stdout
1
### unset
x=1
unset x
echo "[${x-unset}]"
--- stdout
[unset]
### readonly
readonly x=1
(x=2) 2>/dev/null
echo $? $x
--- stdout
2 1
### reading a file
echo 'x=5; return 3; x=6' >lib
. ./lib
echo $? $x
--- stdout
3 5
### getopts
set -- -a -b value rest
while getopts ab: o; do echo $o $OPTARG; done
shift $((OPTIND-1))
echo $1
--- stdout
a
b value
rest
### type and command
f() { :; }
type f | head -n 1
command -v cd
command -v if
--- stdout
f is a shell function
cd
if
### an alias
alias hi='echo hello'
hi there
--- stdout
hello there
### umask
umask 027
umask
--- stdout
0027
### colon and true
: anything
echo $?
--- stdout
0
