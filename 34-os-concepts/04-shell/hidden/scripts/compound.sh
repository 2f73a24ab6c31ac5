### the status of if
if true; then false; fi
echo $?
if false; then :; elif false; then :; fi
echo $?
--- stdout
1
0
### the status of a loop
while false; do :; done
echo $?
for i in; do false; done
echo $?
for i in a; do false; done
echo $?
i=0; while [ $i -lt 1 ]; do i=1; (exit 4); done
echo $?
--- stdout
0
0
1
4
### the status of a condition can be seen
while (exit 3); do :; done
echo $?
if (exit 3); then :; else echo $?; fi
--- stdout
0
3
### break has status zero
while true; do false; break; done
echo $?
--- stdout
0
### break beyond the outermost loop
for i in 1 2; do for j in 1 2; do echo $i$j; break 9; done; done
echo end
--- stdout
11
end
### continue in an outer loop
for i in 1 2; do for j in a b; do echo $i$j; continue 2; done; echo no; done
--- stdout
1a
2a
### break outside of a loop
break
echo $?
--- stdout
0
### break in a condition
while break; do echo no; done
echo end
--- stdout
end
### break in a case in a loop
for i in 1 2 3; do case $i in 2) break;; esac; echo $i; done
--- stdout
1
### break in eval and in a group
for i in 1 2 3; do { eval 'test $i = 2 && break'; }; echo $i; done
--- stdout
1
### a loop variable stays
for i in a b; do :; done
echo $i
--- stdout
b
### for with nothing
for i in; do echo no; done
set --
for i; do echo no; done
echo end
--- stdout
end
### for over words with quotes
x='a b'
for i in $x "$x" 'c d'; do echo "[$i]"; done
--- stdout
[a]
[b]
[a b]
[c d]
### changing the parameters in a loop over them
set -- a b c
for i; do shift; echo $i $#; done
--- stdout
a 2
b 1
c 0
### a case with quoted patterns
for x in '*' a '[a]' '\'; do
  case $x in '*') echo star;; [a]) echo a;; '[a]') echo brackets;; \\) echo backslash;; esac
done
--- stdout
star
a
brackets
backslash
### a case with expansions
x=b
case $x in $(echo a)) echo 1;; ${y-b}) echo 2;; esac
--- stdout
2
### a case stops at the first match
case a in a) echo 1;; a) echo 2;; esac
--- stdout
1
### patterns after a match are not expanded
case a in a) echo 1;; ${x=ran}) echo 2;; esac
echo "[$x]"
--- stdout
1
[]
### an empty arm
case a in a) ;; esac
echo $?
case a in a) esac
echo $?
--- stdout
0
0
### the status of a case
case a in a) false;; esac
echo $?
false
case b in a) ;; esac
echo $?
--- stdout
1
0
### parentheses in front of patterns
case b in (a) echo a;; (b|c) echo bc;; esac
--- stdout
bc
### a case on several lines
case x in
  a|b)
    echo ab
    ;;
  # a comment
  *)
    echo other
esac
--- stdout
other
### a group needs its blanks
{ echo a; }; { echo b
}
--- stdout
a
b
### nested subshells
(echo a; (echo b; (echo c)))
--- stdout
a
b
c
### if in if in while
i=0
while [ $i -lt 4 ]; do
  i=$((i+1))
  if [ $i -gt 1 ]; then
    if [ $i -lt 4 ]; then echo $i; else echo last; fi
  fi
done
--- stdout
2
3
last
### redirected loops are not subshells
printf '1\n2\n' >f
n=0
while read x; do n=$((n+x)); done <f
echo $n
--- stdout
3
### until with a compound condition
i=0
until i=$((i+1)); [ $i -ge 3 ]; do echo $i; done
--- stdout
1
2
### a condition of several commands
if false; true; then echo yes; fi
--- stdout
yes
