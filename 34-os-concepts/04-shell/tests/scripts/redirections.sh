### output to a file
echo hello >f
cat f
--- stdout
hello
### appending
echo one >f
echo two >>f
cat f
--- stdout
one
two
### input from a file
echo hello >f
cat <f
read x <f
echo $x
--- stdout
hello
hello
### errors to a file
ls nothing-here 2>f
test -s f && echo told
--- stdout
told
### both to one file
{ echo out; echo err >&2; } >f 2>&1
cat f
--- stdout
out
err
### the order matters
{ { echo out; echo err >&2; } 2>&1 >f; } | sed 's/^/pipe: /'
cat f
--- stdout
pipe: err
out
### a here-document
cat <<END
hello $((1+1))
END
--- stdout
hello 2
### a quoted here-document
x=1
cat <<'END'
$x $(echo no) \
END
--- stdout
$x $(echo no) \
### tabs that go
cat <<-END
	one
		two
	END
--- stdout
one
two
### another descriptor
exec 3>f
echo three >&3
exec 3>&-
cat f
--- stdout
three
### reading from another descriptor
printf 'a\nb\n' >f
exec 4<f
read x <&4
read y <&4
echo $x $y
--- stdout
a b
### a file that cannot be opened
cat </nothing/here 2>/dev/null
echo $?
--- stdout
2
### redirections around a compound command
for i in 1 2 3; do echo $i; done >f
cat f
while read x; do echo "[$x]"; done <f
--- stdout
1
2
3
[1]
[2]
[3]
### they do not last
echo a >f
echo b
--- stdout
b
### no clobbering
echo a >f
set -C
echo b 2>/dev/null >f
echo $?
echo c >|f
cat f
--- stdout
2
c
