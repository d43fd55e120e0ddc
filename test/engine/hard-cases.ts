/** Dockerfiles in which a plausible edit goes wrong. All begin with a base image that has the recording programs. */

/** The instructions of each case, by what is hard about it. FROM stands above them where they bring none. */
export const hardCases: Readonly<Record<string, string>> = {
  // What a shell remembers
  'cd leaks into the next command': 'RUN mkdir /d && cd /d\nRUN touch here',
  'cd in braces leaks, in parentheses it does not': 'RUN { cd /tmp; }\nRUN touch a\nRUN (cd /tmp)\nRUN touch b',
  'cd in the last of several': 'RUN touch a\nRUN cd /tmp && touch b && cd /var\nRUN touch c',
  'cd - and OLDPWD': 'RUN cd /tmp\nRUN cd /var && cd - || touch /failed',
  pushd: 'SHELL ["/bin/bash", "-c"]\nRUN pushd /tmp\nRUN touch here',
  export: 'RUN export A=1\nRUN echo "$A" > /a && make',
  'an assignment without export': 'RUN A=1\nRUN echo "$A" > /a',
  'an assignment that hides an ENV': 'ENV A=env\nRUN A=run\nRUN echo $A > /a',
  'an exported ENV changed': 'ENV PATH=/x:$PATH\nRUN PATH=/bin:/usr/bin\nRUN echo $PATH > /path',
  unset: 'ENV A=1\nRUN unset A\nRUN echo "<$A>" > /a',
  readonly: 'RUN readonly R=1\nRUN R=2 && echo $R > /r',
  IFS: "RUN IFS=:\nRUN for x in a:b; do echo $x; done > /x; a='c:d'; for x in $a; do echo $x; done >> /x",
  umask: 'RUN umask 077\nRUN touch /f && mkdir /d',
  'umask after what it is about': 'RUN touch /e && umask 027\nRUN touch /f',
  'set -e changes what follows': 'RUN set -e\nRUN false; touch /f',
  'set -e in the second': 'RUN touch /a; true\nRUN set -e; touch /b; false || true; touch /c',
  'set +e': 'SHELL ["/bin/sh", "-ec"]\nRUN set +e\nRUN touch /a; false || touch /b',
  'set -u': 'RUN set -u\nRUN echo "$NOT_SET" > /f',
  'set -x': 'RUN set -x\nRUN touch /f',
  'set -f': 'RUN set -f\nRUN echo /et* > /f',
  'set -n as part of a cluster': 'RUN set -ex; touch /a\nRUN touch /b; touch /c',
  'set -o pipefail':
    'SHELL ["/bin/bash", "-c"]\nRUN set -o pipefail\nRUN false | true; touch /f\nRUN false | true && touch /g',
  'positional parameters': 'RUN set -- a b\nRUN echo "$#" > /n',
  shift: 'RUN set -- a b; shift\nRUN echo "$@" > /n',
  'a function': 'RUN f() { touch /called; }\nRUN f || touch /not-found',
  'a function that hides a command': 'RUN touch() { echo no; }\nRUN touch /f',
  'an alias': 'SHELL ["/bin/bash", "-O", "expand_aliases", "-c"]\nRUN alias touch=\'echo no\'\nRUN touch /f',
  'a trap on EXIT': "RUN trap 'touch /trapped' EXIT\nRUN rm -f /trapped && touch /f",
  'a trap on 0 and one that replaces it': "RUN trap 'touch /one' 0\nRUN trap 'touch /two' 0",
  'a trap on ERR': 'SHELL ["/bin/bash", "-c"]\nRUN trap \'touch /err\' ERR\nRUN false || touch /f; false; true',
  'exec for redirection': 'RUN exec 3>/third; echo a >&3\nRUN echo b > /f; { echo c >&3; } 2>/dev/null || true',
  'exec that hides output': 'RUN exec >/out\nRUN echo hello',
  'exec of a command': 'RUN exec touch /one\nRUN touch /two',
  'exec in parentheses': 'RUN (exec touch /one)\nRUN touch /two',
  'the shell sources a file': 'RUN echo "X=1; cd /tmp" > /env.sh\nRUN . /env.sh\nRUN echo "$X" > x',
  'eval hides what it does': 'RUN eval "cd /tmp; Y=2"\nRUN touch here$Y',
  'getopts and OPTIND': 'RUN set -- -a; getopts a o\nRUN echo $OPTIND > /o',
  'ulimit and nice': 'RUN ulimit -f 0\nRUN echo 1 > /f',

  // What ends or hides
  'exit 0 in the middle': 'RUN touch /a; exit 0; touch /never\nRUN touch /b',
  'exit at the end': 'RUN touch /a && exit\nRUN touch /b',
  'exit in a branch': 'RUN if [ -d /tmp ]; then exit 0; fi; touch /never\nRUN touch /b',
  'exit in parentheses': 'RUN (touch /a; exit 0)\nRUN touch /b',
  'exit in a function': 'RUN f() { exit 0; }; touch /a; f; touch /never\nRUN touch /b',
  'return at the top': 'SHELL ["/bin/bash", "-c"]\nRUN touch /a; return 0 2>/dev/null || true\nRUN touch /b',
  'or in the first': 'RUN true || touch /a\nRUN touch /b',
  'or in the second': 'RUN touch /a\nRUN false || touch /b\nRUN true || touch /c',
  'or in both': 'RUN test -e /x || touch /x\nRUN test -e /x || touch /y\nRUN touch /z || true',
  'a failure that a semicolon hides': 'RUN false; touch /a\nRUN touch /b; false; true',
  'and behind or': 'RUN false && touch /a || touch /b\nRUN true || touch /c && touch /d',
  'a negation': 'RUN ! false\nRUN ! test -e /x && touch /y',
  'a pipe': 'RUN echo 1 | tee /a\nRUN cat /a | tr 1 2 > /b',
  'the background': 'RUN touch /a & wait\nRUN touch /b & touch /c; wait',
  'the background at the end': 'RUN touch /a && true &\nRUN touch /b',
  'a comment at the end': 'RUN touch /a # why\nRUN touch /b # and why',
  'a hash that is no comment': 'RUN echo a#b > /a\nRUN echo "# c" > /b && echo \\#d >> /b',
  'a semicolon at the end': 'RUN touch /a;\nRUN touch /b; ',
  'loops and conditions':
    'RUN for i in 1 2; do touch /$i; done\nRUN if false; then touch /x; else touch /y; fi\nRUN while false; do :; done',
  'case with double semicolons':
    'RUN case a in a) touch /a ;; *) touch /b ;; esac\nRUN case "$(uname)" in Linux) touch /l;; esac',
  'a here document within the shell': 'RUN cat <<X > /x\nhere\nX\nRUN touch /y',
  quotes: 'RUN echo "a && b; c || d" > /a\nRUN echo \'e & f # g\' > /b',
  'a backslash before the end of the line in quotes': 'RUN echo "a \\\n  b" > /a\nRUN echo \'c \\\n  d\' > /b',
  'escaped dollars': 'ARG A=1\nRUN echo \\$A "$A" \'$A\' > /a\nRUN A=2; echo $A \\\\$A > /b',

  // Forms
  'exec form': 'RUN ["touch", "/a"]\nRUN ["sh", "-c", "cd /tmp; touch b"]\nRUN touch c',
  'almost exec form': 'RUN [ -d /tmp ] && touch /a\nRUN ["touch", "/b"] || touch /c',
  'a heredoc': 'RUN <<EOF\ncd /tmp\ntouch here\nEOF\nRUN touch there',
  'a heredoc with its own interpreter': 'RUN <<EOF sh -e\ntouch /a\nEOF\nRUN touch /b',
  'a quoted heredoc': "ARG A=1\nRUN <<'EOF'\necho $A > /a\nEOF\nRUN <<EOF\necho $A > /b\nEOF",
  'a heredoc with a shebang': 'RUN <<EOF\n#!/bin/bash\ntouch /a\nEOF\nRUN touch /b',
  'two heredocs': 'RUN cat <<A > /a && cat <<B > /b\n1\nA\n2\nB\nRUN touch /c',
  'a cache mount on one of two': 'RUN --mount=type=cache,target=/c touch /c/x /y\nRUN ls /c > /z 2>&1 || true',
  'a bind mount': 'RUN --mount=type=bind,source=dir,target=/m cp -r /m /copied\nRUN ls / > /listing',
  'a tmpfs mount': 'RUN --mount=type=tmpfs,target=/t touch /t/x\nRUN touch /t/y || mkdir -p /t',
  '--network': 'RUN --network=none touch /a\nRUN touch /b',
  'comments among continuations':
    'RUN touch /a \\\n  # one\n  && touch /b \\\n\n  && touch /c\n# between\nRUN touch /d',
  'lower case and tabs': 'run\ttouch /a\nrun  touch /b  ',
  'no newline at the end': 'RUN touch /a\nRUN touch /b',

  // What stands between
  'USER between': 'RUN touch /a\nUSER nobody\nRUN touch /tmp/b\nUSER root\nRUN touch /c',
  'WORKDIR between': 'RUN touch a\nWORKDIR /w\nRUN touch b\nWORKDIR x\nRUN touch c',
  'SHELL between':
    'RUN echo $0 > /a\nSHELL ["/bin/bash", "-c"]\nRUN echo $0 > /b\nSHELL ["/bin/sh", "-ec"]\nRUN false || true; touch /c',
  'ENV between': 'RUN echo "$A" > /a\nENV A=1\nRUN echo "$A" > /b && make\nENV A=2 B=$A\nRUN echo "$A$B" > /c',
  'ARG between': 'RUN echo "$A" > /a\nARG A=1\nRUN echo "$A" > /b\nARG A=2\nRUN echo "$A" > /c && make',
  'ARG hidden by ENV': 'ARG A=1\nENV A=2\nARG A=3\nRUN echo $A > /a\nRUN make',
  'LABEL and EXPOSE between': 'RUN touch /a\nLABEL a=b\nEXPOSE 80\nRUN touch /b',
  'COPY between': 'RUN ls / > /before\nCOPY one.txt /\nRUN ls / > /after',
  'VOLUME between': 'RUN mkdir /data && touch /data/a\nVOLUME /data\nRUN touch /data/b || true',
  'ONBUILD between': 'RUN touch /a\nONBUILD RUN touch /b\nONBUILD WORKDIR /w\nRUN touch /c',
  'an ARG above FROM': 'ARG A=global\nFROM localhost/recording\nRUN echo "<$A>" > /a\nARG A\nRUN echo "<$A>" > /b',

  // Dead and doubled things
  'CMD twice': 'CMD ["a"]\nRUN touch /a\nCMD ["b"]',
  'CMD reset by ENTRYPOINT': 'CMD ["a"]\nENTRYPOINT ["b"]',
  'ENTRYPOINT twice around CMD': 'ENTRYPOINT ["a"]\nCMD ["x"]\nENTRYPOINT ["b"]',
  'CMD before and after an inherited one':
    'FROM localhost/recording AS base\nENTRYPOINT ["a"]\nCMD ["b"]\nFROM base\nCMD ["c"]\nENTRYPOINT ["d"]',
  'HEALTHCHECK twice': 'HEALTHCHECK CMD a\nHEALTHCHECK --interval=9s CMD b',
  'shell form after SHELL': 'SHELL ["/bin/bash", "-c"]\nCMD echo a\nENTRYPOINT b c\nSHELL ["/bin/sh", "-c"]',
  'CMD with what only a shell understands': 'ENV A=1\nCMD echo $A && ls * > ~/x',
  'ENTRYPOINT with quotes': 'ENTRYPOINT prog "a b" \'c\' d\\ e',
  'COPY twice': 'COPY one.txt /x/\nCOPY one.txt /x/',
  'COPY twice with a change between': 'COPY one.txt /x/\nRUN echo changed > /x/one.txt\nCOPY one.txt /x/',
  'COPY twice with a look between': 'COPY one.txt /x/\nRUN cat /x/one.txt > /seen\nCOPY one.txt /x/',
  'COPY twice, the second with another owner': 'COPY one.txt /x/\nCOPY --chown=7:8 one.txt /x/',
  'COPY of a directory over a file of it': 'COPY dir/a /d/a\nCOPY dir /d',
  'COPY under two users': 'USER 1000\nCOPY one.txt /x/\nWORKDIR /x\nUSER root\nCOPY one.txt /x/',
  'a removal of what was there before': 'RUN touch /a\nRUN rm /a && touch /b\nRUN rm -rf /b /tmp/*',
  'a removal of what COPY brought': 'COPY dir /d\nRUN rm -r /d/b\nRUN ls -R /d > /left',
  'a directory removed and made again': 'RUN mkdir -p /d/e && touch /d/e/f\nRUN rm -rf /d\nRUN mkdir /d',
  'mkdir that sets a mode': 'RUN mkdir -m 700 /w\nWORKDIR /w',
  'mkdir under a umask': 'RUN umask 077 && mkdir /w\nWORKDIR /w',
  'mkdir as another user': 'RUN mkdir /h && chown 1000 /h\nUSER 1000\nRUN mkdir -p /h/w\nWORKDIR /h/w',
  'mkdir of several': 'RUN mkdir -p /w /x\nWORKDIR /w',
  'mkdir of a directory below': 'RUN mkdir -p /w/x/y\nWORKDIR /w',
  'mkdir through a link': 'RUN ln -s /tmp /link\nRUN mkdir -p /link/w\nWORKDIR /link/w',
  'WORKDIR after USER': 'USER 1000\nWORKDIR /home/node/w\nRUN touch f',
  'ADD of an archive': 'ADD archive.tar /x/\nADD plain.tar.gz /y/\nADD one.txt archive.tar /z/',
  'chmod after COPY':
    'COPY two.sh /usr/local/bin/\nRUN chmod 755 /usr/local/bin/two.sh\nCOPY dir /d\nRUN chmod -R go-rwx /d',
  'chown after COPY, through links': 'COPY dir /d\nRUN ln -s /etc/passwd /d/link && chown -R 1000:1000 /d',

  // Packages
  'update and install apart': 'RUN apt-get update\nRUN apt-get install -y git curl\nRUN apt-get install -y vim',
  'lists used by a later RUN':
    'RUN apt-get update && apt-get install -y git\nRUN apt-get install -y curl && rm -rf /var/lib/apt/lists/*',
  'lists used by a later stage':
    'FROM localhost/recording AS a\nRUN apt-get update && apt-get install -y git\nFROM a\nRUN apt-get install -y curl',
  'install under or': 'RUN apt-get update && (apt-get install -y git || touch /failed)\nRUN touch /b',
  'update that may fail': 'RUN apt-get update || true; apt-get install -y git\nRUN touch /b',
  'lists looked at': 'RUN apt-get update && apt-get install -y git\nRUN ls /var/lib/apt/lists > /listing 2>&1; true',
  'packages that are variables': 'ARG MORE="jq vim"\nRUN apk add --no-cache git $MORE curl',
  'packages that are options':
    'RUN apt-get update && apt-get install -y --no-install-recommends zip -t stable curl -o A=b git',
  'packages taken away by a minus': 'RUN apt-get update && apt-get install -y git curl git-',
  'packages with comments': 'RUN apk add --no-cache \\\n    zip \\\n    # for curl\n    curl \\\n    bash\\\n    curl',
  'a virtual package': 'RUN apk add --update --virtual .deps gcc make\nRUN make && apk del .deps',
  'a cache looked at': 'RUN pip install flask\nRUN ls /root/.cache > /listing 2>&1; true',
  'a cache copied into another stage':
    'FROM localhost/recording AS a\nRUN pip install flask\nRUN npm install -g b\nFROM localhost/recording\nCOPY --from=a /root/.cache /root/.cache\nCOPY --from=a /root /home/node/root',
  'a cache mounted into another stage':
    'FROM localhost/recording AS a\nRUN pip install flask\nFROM localhost/recording\nRUN --mount=from=a,source=/root,target=/m ls -A /m > /listing',
  'lists copied into another stage':
    'FROM localhost/recording AS a\nRUN apt-get update && apt-get install -y curl\nFROM localhost/recording\nCOPY --from=a /var/lib/apt /var/lib/apt\nRUN apt-get install -y git',
  'pip as another user':
    'RUN mkdir -p /home/node && chown 1000 /home/node\nUSER node\nENV HOME=/home/node\nRUN pip install --user flask',
  'npm in two directories': 'COPY package.json package-lock.json /a/\nRUN cd /a && npm ci\nRUN cd /a && npm run build',
  'source before install': 'WORKDIR /app\nCOPY . .\nRUN npm ci\nRUN npm run build',
  'install that reads the source': 'WORKDIR /app\nCOPY . .\nRUN pip install -r requirements.txt && pip install .',
  'wget for another program': 'RUN wget https://example.org/a 2>&1 | tee /log\nRUN wget -O- https://example.org/b > /b',
  'an archive kept': 'ADD plain.tar.gz /tmp/\nRUN cp /tmp/plain.tar.gz /kept && rm /tmp/plain.tar.gz',

  // Stages
  'a stage copied from by number':
    'FROM localhost/recording\nRUN touch /a\nRUN touch /b\nFROM localhost/recording\nCOPY --from=0 /a /b /x/',
  'a stage named in capitals':
    'FROM localhost/recording AS Build\nRUN touch /a\nFROM localhost/recording\nCOPY --from=BUILD /a /\nRUN touch /c',
  'a stage that nobody needs':
    'FROM localhost/recording AS unused\nRUN false\nRUN touch /x\nFROM localhost/recording\nRUN touch /a\nRUN touch /b',
  'a stage built on another':
    'FROM localhost/recording AS a\nWORKDIR /w\nUSER 1000\nFROM a\nRUN touch /tmp/x\nUSER root\nRUN touch y',
  'a mount from a stage':
    'FROM localhost/recording AS a\nRUN touch /x\nFROM localhost/recording\nRUN --mount=from=a,target=/a cp /a/x /y\nRUN touch /z',
  'scratch at the end':
    'FROM localhost/recording AS a\nRUN mkdir /out\nRUN touch /out/x\nFROM scratch\nCOPY --from=a /out /\nCOPY one.txt /\nCMD ["/x"]',

  // Values
  'the old form of ENV':
    'ENV A  b   c  \nENV B "b c"\nENV C b\\ c\nENV D $A:\\$A\nENV E C:\\\\x\nRUN echo "$A|$B|$C|$D|$E" > /env',
  'the old form of LABEL': 'ENV A=1\nLABEL a b $A c\nLABEL b "b c"\nLABEL c \'d\' e',
  MAINTAINER: 'ENV A=1\nMAINTAINER Jo "$A" O\'Neil <jo@example.org> \\ x',
  'several ENV that build on each other': 'ENV A=1\nENV B=$A\nENV A=2 C=$A\nENV D="$B $C"\nRUN echo $D > /d',
  'an EXPOSE of a variable': 'ARG P=80\nEXPOSE $P/TCP 443/Udp',
};
