### output becomes text
echo "[$(echo hello)]"
--- stdout
[hello]
### backquotes
echo `echo hello`
--- stdout
hello
### newlines at the end go
x=$(printf 'a\n\n\n')
echo "[$x]"
--- stdout
[a]
### newlines inside stay in quotes
x=$(printf 'a\nb')
echo "$x"
echo $x
--- stdout
a
b
a b
### nested
echo $(echo $(echo deep))
--- stdout
deep
### nested backquotes
echo `echo \`echo deep\``
--- stdout
deep
### quotes inside are its own
echo "$(echo "a  b")"
--- stdout
a  b
### a subshell cannot change the shell
x=1
y=$(x=2; echo $x)
echo $x $y
--- stdout
1 2
### the status of an assignment
x=$(false)
echo $?
x=$(exit 7)
echo $?
--- stdout
1
7
### a parenthesis in quotes ends nothing
echo $(echo ')')
--- stdout
)
### case inside
echo $(case a in (a) echo yes;; esac)
--- stdout
yes
### nothing
echo "[$()]" "[$(true)]"
--- stdout
[] []
### arguments are split
printf '[%s]' $(echo a b c); echo
--- stdout
[a][b][c]
