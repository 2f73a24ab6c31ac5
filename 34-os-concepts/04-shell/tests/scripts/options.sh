### errexit
set -e
echo a
false
echo b
--- stdout
a
--- status 1
### errexit and conditions
set -e
if false; then :; fi
false || echo or
! true
false && echo no
echo end
--- stdout
or
end
### nounset
set -u
x=1
echo $x
(echo $y) 2>/dev/null
echo $?
--- stdout
1
2
### xtrace
exec 2>&1
set -x
echo a b
x=1
set +x
echo end
--- stdout
+ echo a b
a b
+ x=1
+ set +x
end
### noglob
touch a b
set -f
echo *
set +f
echo *
--- stdout
*
a b
### the options that are set
set -eu
case $- in *e*) echo e;; esac
case $- in *u*) echo u;; esac
--- stdout
e
u
### a trap on exit
trap 'echo bye' EXIT
echo hello
exit 3
--- stdout
hello
bye
--- status 3
### a trap on a signal
trap 'echo caught' USR1
kill -USR1 $$
echo end
--- stdout
caught
end
### an ignored signal
trap '' TERM
kill -TERM $$
echo alive
--- stdout
alive
### a trap taken back
trap 'echo no' EXIT
trap - EXIT
echo end
--- stdout
end
