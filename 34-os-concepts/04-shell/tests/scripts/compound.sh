### if
if true; then echo yes; fi
if false; then echo no; fi
echo $?
--- stdout
yes
0
### else
if false; then echo a; else echo b; fi
--- stdout
b
### elif
x=2
if [ $x = 1 ]; then echo one; elif [ $x = 2 ]; then echo two; else echo many; fi
--- stdout
two
### while
i=0
while [ $i -lt 3 ]; do echo $i; i=$((i+1)); done
--- stdout
0
1
2
### until
i=0
until [ $i = 2 ]; do i=$((i+1)); done
echo $i
--- stdout
2
### for
for x in a b 'c d'; do echo "[$x]"; done
--- stdout
[a]
[b]
[c d]
### for without in
set -- x 'y z'
for a do echo "[$a]"; done
--- stdout
[x]
[y z]
### break and continue
for i in 1 2 3 4 5; do
  if [ $i = 2 ]; then continue; fi
  if [ $i = 4 ]; then break; fi
  echo $i
done
--- stdout
1
3
### case
for x in a ab b ''; do
  case $x in
    a) echo just a;;
    a*) echo a and more;;
    '') echo nothing;;
    *) echo other;;
  esac
done
--- stdout
just a
a and more
other
nothing
### alternatives in a case
case b in a|b|c) echo yes;; *) echo no;; esac
--- stdout
yes
### a case without a match
case x in a) echo no;; esac
echo $?
--- stdout
0
### nested
for i in 1 2; do for j in a b; do echo $i$j; done; done
--- stdout
1a
1b
2a
2b
### break out of two
for i in 1 2; do for j in a b; do echo $i$j; break 2; done; done
echo end
--- stdout
1a
end
### newlines instead of semicolons
if
  true
then
  echo yes
fi
for i in a
do
  echo $i
done
--- stdout
yes
a
