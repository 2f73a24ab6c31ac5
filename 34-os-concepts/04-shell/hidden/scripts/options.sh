### errexit in a function
set -e
f() { false; echo no; }
f
echo no
--- stdout
--- status 1
### errexit is off in a function that is a condition
set -e
f() { false; echo on; }
if f; then echo yes; fi
f && echo and
f || echo or
--- stdout
on
yes
on
and
on
### errexit in a subshell
set -e
(false; echo no)
echo no
--- stdout
--- status 1
### errexit and the parts of a pipe
set -e
false | true
echo on
true | false
echo no
--- stdout
on
--- status 1
### errexit and not
set -e
! true
! false
echo on
--- stdout
on
### errexit in a loop's condition
set -e
while false; do :; done
until true; do :; done
echo on
false
echo no
--- stdout
on
--- status 1
### errexit and a substitution
set -e
echo $(false; echo a)
x=$(false)
echo no
--- stdout

--- status 1
### errexit and a list that was ignored
set -e
true && { false && true; }
echo on
{ false || true; }
echo still
--- stdout
on
still
### errexit and a compound command
set -e
if true; then false; fi
echo no
--- stdout
--- status 1
### errexit runs the exit trap
trap 'echo bye $?' EXIT
set -e
(exit 3)
echo no
--- stdout
bye 3
--- status 3
### errexit switched off
set -e
set +e
false
echo on
--- stdout
on
### errexit at the end of an and list
set -e
true && false
echo no
--- stdout
--- status 1
### errexit in a subshell of a condition
set -e
if (false; true); then echo yes; fi
(false; true) || echo or
--- stdout
yes
### nounset and defaults
set -u
echo "[${x-}]" "[${x:-a}]" "[${x+b}]"
(echo ${#x}) 2>/dev/null
echo $?
(echo ${x%y}) 2>/dev/null
echo $?
--- stdout
[] [a] []
2
2
### nounset ends the shell
set -u
echo before
echo $nothing
echo after
--- stdout
before
--- status 2
### xtrace of expansions
exec 2>&1
x='a b'
set -x
echo $x "$x"
y=1 z=2
for i in 1 2; do echo $i; done
--- stdout
+ echo a b a b
a b a b
+ y=1 z=2
+ echo 1
1
+ echo 2
2
### xtrace with another prompt
exec 2>&1
PS4='> '
set -x
echo a
--- stdout
> echo a
a
### noglob
touch a b
set -f
echo * ?
set +f
echo *
--- stdout
* ?
a b
### noexec reads only
set -n
echo no
--- stdout
### noexec finds errors
set -n
if
--- stdout
--- status 2
### allexport
set -a
x=1
sh -c 'echo $x'
--- stdout
1
### options by name
set -o errexit
set -o noglob
case $- in *e*f*|*f*e*) echo both;; esac
set +o errexit +o noglob
false
echo on
--- stdout
both
on
### an option that is none
set -Z 2>/dev/null
echo no
--- stdout
--- status 2
### a trap sees and keeps the status
trap 'echo $?; true' EXIT
false
--- stdout
1
--- status 1
### an exit in a trap
trap 'exit 9' EXIT
exit 1
--- stdout
--- status 9
### the trap of a subshell is its own
trap 'echo outer' EXIT
(trap 'echo inner' EXIT; echo in)
(echo plain)
echo end
--- stdout
in
inner
plain
end
outer
### a trap is listed
trap 'echo "a"; :' INT
trap '' TERM
trap
--- stdout
trap -- 'echo "a"; :' INT
trap -- '' TERM
### traps by number and by name
trap 'echo got' 10
kill -USR1 $$
trap - USR1
trap 'echo again' USR2
kill -USR2 $$
--- stdout
got
again
### a trap is not for children
trap 'echo caught' USR1
sh -c 'kill -USR1 $$' 2>/dev/null
echo $?
--- stdout
138
### what is ignored is ignored by children
trap '' USR1
sh -c 'kill -USR1 $$; echo alive'
--- stdout
alive
### a signal while a program runs
trap 'echo caught' USR1
sh -c "kill -USR1 $$; echo child"
echo end
--- stdout
child
caught
end
### a trap in a function
f() { trap 'echo t' USR1; kill -USR1 $$; echo f; }
f
--- stdout
t
f
### a trap in a loop
n=0
trap 'n=$((n+1))' USR1
for i in 1 2 3; do kill -USR1 $$; done
echo $n
--- stdout
3
### a bad signal
trap 'echo x' NOSUCH 2>/dev/null
echo $?
--- stdout
1
### the status of the shell
exit 300
--- stdout
--- status 44
### wait is interrupted by a trap
trap 'echo caught' USR1
mkfifo p
(kill -USR1 $$; exec cat p) >/dev/null &
wait $!
test $? -gt 128 && echo interrupted
echo >p
--- stdout
caught
interrupted
