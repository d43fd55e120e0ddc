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

  // Questions of package managers
  'a question whose answer the chain waits for': 'RUN apt-get update && apt-get install curl && touch /after',
  'a question that ends nothing': 'RUN apt-get update && apt-get install needs-more; touch /after',
  'a question whose failure a trap hides': "RUN apt-get update; trap 'exit 0' EXIT; apt-get install needs-more",
  'a question with -e that is never set':
    'RUN apt-get update; false && set -e; apt-get install needs-more; touch /after',
  'a question in a group under or': 'RUN apt-get update && { apt-get install needs-more || touch /failed; }',
  'a question in a negation': 'RUN apt-get update && ! apt-get install needs-more; touch /after',
  'a question in a here-document':
    'RUN <<EOF\napt-get update\napt-get install needs-more\ntouch /after\nEOF\nRUN <<EOF\nset -e\napt-get install git\nEOF',
  'a question before a pipe': 'RUN apt-get update && apt-get install needs-more | cat && touch /after',
  'a question in a function':
    'RUN ask() { apt-get install needs-more; }; apt-get update && ask || touch /failed; dnf install needs-more || true',
  'a question behind which exit hides the failure': 'RUN apt-get update; apt-get install needs-more; exit 0',

  // The two names of apt
  'apt by its path and in a nested shell':
    "RUN apt update && /usr/bin/apt install -y git && sh -c 'apt install -y curl'\nRUN which apt > /where",
  'apt whose words are kept': 'RUN apt update > /log 2>&1 && apt install -y curl >> /log 2>&1',
  'apt whose words another program reads':
    'RUN apt update 2>&1 | tee /log; apt install -y curl 2>&1 | grep -c . > /lines',
  'apt whose words a block keeps':
    'RUN { apt update; apt install -y curl; } > /log 2>&1; (apt remove -y curl) > /log2 2>&1',
  'apt whose words the shell keeps': 'RUN exec > /log 2>&1; apt update && apt install -y curl',
  'apt whose words a variable holds': 'RUN said=$(apt update 2>&1); echo "$said" > /said',
  'apt that is a function': 'RUN apt() { touch "/apt-$1"; }; apt update; apt install x',
  'apt behind other programs':
    'RUN sudo apt update && env A=1 apt install -y git && DEBIAN_FRONTEND=x apt install -y curl',

  // Build arguments that are another one every time
  'a build argument that a program prints': 'ARG GIT_SHA=1\nRUN apt-get update && apt-get install -y git && env > /env',
  'a build argument read by a nested shell':
    "ARG GIT_SHA=1\nRUN apt-get update && apt-get install -y git && sh -c 'echo $GIT_SHA' > /sha",
  'a build argument whose label shows another variable':
    'ARG GIT_SHA=1\nENV V=1\nLABEL r=$GIT_SHA v=$V\nENV V=2\nRUN apt-get update && apt-get install -y git',
  'a build argument whose label is written again':
    'ARG GIT_SHA=1\nLABEL r=$GIT_SHA\nLABEL r=last\nRUN apt-get update && apt-get install -y git\nLABEL r=$GIT_SHA',
  'a build argument with another above':
    'ENV B=1\nARG GIT_SHA=$B\nENV B=2\nRUN apk add --no-cache git\nRUN echo $GIT_SHA > /sha',
  'a build argument in a variable of another name':
    'ARG GIT_SHA=1\nENV REVISION=x-$GIT_SHA\nRUN apk add --no-cache git\nRUN echo $REVISION > /sha',
  'a build argument that names folders':
    'ARG BUILD_DATE=today\nWORKDIR /w/$BUILD_DATE\nRUN apk add --no-cache git && touch f\nCOPY one.txt /$BUILD_DATE/',
  'a build argument for a later stage':
    'FROM localhost/recording AS a\nARG GIT_SHA=1\nRUN apk add --no-cache git\nFROM a\nRUN echo "<$GIT_SHA>" > /sha\nARG GIT_SHA\nRUN echo "<$GIT_SHA>" > /sha2',
  'a build argument that a script of its own reads':
    'COPY two.sh /\nARG GIT_SHA=1\nRUN apk add --no-cache git && echo "env > /seen" > /x && . /x && make\nRUN apk add --no-cache curl',
  'a build argument above FROM':
    'ARG GIT_SHA=1\nFROM localhost/recording\nARG GIT_SHA\nRUN apk add --no-cache git\nLABEL r=$GIT_SHA',

  // Modes and owners of what was copied
  'the mode of a folder with a dot': 'RUN mkdir -p /conf.d\nCOPY one.txt /conf.d\nRUN chmod 700 /conf.d',
  'a mode that another user may not set': 'COPY one.txt /x.txt\nUSER nobody\nRUN chmod 777 /x.txt; touch /tmp/y',
  'a mode on top of a flag':
    'COPY --chmod=600 one.txt /x.txt\nRUN chmod +x /x.txt\nCOPY --chmod=700 two.sh /y.sh\nRUN chmod go+r /y.sh',
  'modes in letters, which new builders know':
    '# syntax=docker/dockerfile:1\nFROM localhost/recording\nCOPY --chmod=600 one.txt /x.txt\nRUN chmod +x /x.txt\nCOPY two.sh /new/folder/y.sh\nRUN chmod go-rwx /new/folder/y.sh\nCOPY one.txt /z.txt\nRUN chmod 600 /z.txt && chmod u+x /z.txt',
  'two modes in one RUN':
    'COPY one.txt /x.txt\nRUN chmod 600 /x.txt && chmod +x /x.txt\nCOPY one.txt /y.txt\nRUN chmod +x /y.txt && chmod 640 /y.txt',
  'a mode under a umask': 'COPY one.txt /x.txt\nRUN umask 077 && chmod +x /x.txt',
  'a mode with a look before': 'COPY one.txt /x.txt\nRUN ls -l /x.txt > /look && chmod 700 /x.txt',
  'a mode through a link': 'RUN touch /real.txt && ln -s /real.txt /x.txt\nCOPY one.txt /x.txt\nRUN chmod 700 /x.txt',
  'a mode of a file that was linked': 'COPY one.txt /x.txt\nRUN ln /x.txt /y.txt\nRUN chmod 700 /x.txt',
  'a mode only on a condition':
    'COPY one.txt /x.txt\nRUN test -e /nothing && chmod 700 /x.txt || true\nRUN [ -e /etc ] && chmod 711 /x.txt',
  'a mode of one of two': 'COPY one.txt two.sh /x/\nRUN chmod 700 /x/two.sh\nCOPY dir /d\nRUN chmod -R 750 /d /x',
  'a mode that makes folders closed': 'COPY one.txt /new/folder/\nRUN chmod 600 /new/folder/one.txt',
  'an owner whose number changes':
    'RUN useradd -u 4000 joe\nCOPY one.txt /x.txt\nRUN sed -i s/4000/5000/ /etc/passwd\nRUN chown joe:joe /x.txt',
  'an owner that another user may not give': 'USER 1000\nCOPY one.txt /x.txt\nRUN chown 1000:1000 /x.txt; true',
  'an owner over an owner':
    'COPY --chown=7:8 dir /d\nRUN chown -R 9:9 /d\nCOPY --chown=1:1 one.txt /x.txt\nRUN chown 2 /x.txt',
  'a mode that a second COPY takes back':
    'COPY one.txt /x.txt\nRUN chmod 600 /x.txt\nCOPY one.txt /x.txt\nRUN chmod 640 /x.txt',
  'a mode copied into another stage':
    'FROM localhost/recording AS a\nCOPY two.sh /x.sh\nRUN chmod 700 /x.sh\nFROM localhost/recording\nCOPY --from=a /x.sh /\nRUN chmod 755 /x.sh',
  'a mode in a volume': 'VOLUME /v\nCOPY one.txt /v/x.txt\nRUN chmod 600 /v/x.txt',

  // RUNs that do nothing
  'nothing, and the directory is made again': 'RUN mkdir -p /d\nRUN rmdir /d\nRUN mkdir -p /d',
  'nothing, and the directory was moved': 'RUN mkdir -p /d/e\nRUN cd / && mv d f\nRUN mkdir -p /d/e',
  'nothing, and the directory was removed by a pattern': 'RUN mkdir -p /data\nRUN rm -rf /da*\nRUN mkdir -p /data',
  'nothing, and the directory was removed by a variable':
    'ENV D=/data\nRUN mkdir -p /data\nRUN rm -rf $D\nRUN mkdir -p /data',
  'nothing, and a stage above removed the directory':
    'FROM localhost/recording AS a\nRUN mkdir -p /data\nRUN rm -rf /data\nFROM a\nRUN mkdir -p /data\nRUN true',
  'nothing, but it makes the working directory':
    'RUN mkdir -p /w/x\nWORKDIR /w/x\nRUN cd / && rm -rf /w\nRUN true\nRUN ls -d /w* > /seen 2>&1; cd /',
  'nothing, in a directory that was only perhaps made':
    'RUN false && mkdir -p /d || true\nRUN mkdir -p /d\nRUN test -e /etc || mkdir /e; true\nRUN mkdir -p /e',
  'nothing, below a volume': 'VOLUME /v\nRUN mkdir -p /v/x\nRUN mkdir -p /v/x\nRUN mkdir -p /v',
  'nothing, and a mode': 'RUN mkdir -p /d\nRUN mkdir -m 700 -p /d\nRUN mkdir -p -m 711 /d/e',
  'nothing, by a shell that does something':
    'RUN echo "touch /by-shell-$$" > /env.sh\nSHELL ["/bin/bash", "-c"]\nENV BASH_ENV=/env2.sh\nRUN echo "touch /sourced" > /env2.sh\nRUN true\nRUN rm -f /sourced\nRUN echo nothing',
  'nothing, by a shell that is told to':
    'RUN echo "touch /profile" >> /etc/profile\nSHELL ["/bin/sh", "-l", "-c"]\nRUN rm -f /profile\nRUN true',
  'nothing, as another user in a home':
    'RUN mkdir -p /home/node && chown 1000 /home/node\nUSER node\nWORKDIR /home/node/w\nRUN echo x\nRUN touch f',
  'nothing, in a here-document that goes on':
    'RUN <<EOF\ntrue\necho done\nEOF\nRUN <<EOF\nset -e\nmkdir -p /d\nEOF\nRUN <<EOF\nmkdir -p /d\nEOF',

  // Installs in a row
  'installs that a failure parts':
    'RUN apt-get update; apt-get install -y git; apt-get install -y curl || touch /failed',
  'installs under -e that is taken back':
    'RUN <<EOF\nset -e\napt-get update\nset +e\napt-get install -y /nothing.deb\napt-get install -y git\napt-get install -y curl\nEOF',
  'installs of which one is taken away':
    'RUN apt-get update && apt-get install -y git curl && apt-get install -y git- && apt-get install -y jq',
  'installs with a removal between':
    'RUN apk add --no-cache git && apk del git && apk add --no-cache git && apk add --no-cache curl',
  'installs whose words are kept':
    'RUN apt-get update && { apt-get install -y git && apt-get install -y curl; } > /log',
  'installs whose words the shell keeps':
    'RUN exec > /log; apt-get update && apt-get install -y git && apt-get install -y curl',
  'installs with other options':
    'RUN apt-get update && apt-get install -y --no-install-recommends git && apt-get install -y curl && apt-get install -qq git',
  'installs from other places':
    'RUN apt-get update && apt-get install -y -t stable git && apt-get install -y -t testing curl\nRUN apk add -U -X a git && apk add -U -X b curl',
  'installs with an update between':
    'RUN apt-get update && apt-get install -y git && echo deb x >> /etc/apt/sources.list && apt-get update && apt-get install -y curl',
  'installs with comments and variables':
    'ARG MORE=jq\nRUN apk add --no-cache \\\n  git \\\n  # why\n  && apk add --no-cache $MORE \\\n  && apk add --no-cache curl \\\n  # and\n  && apk add --no-cache vim',
  'installs of groups': 'RUN apk add --no-cache --virtual .a git && apk add --no-cache --virtual .b curl && apk del .a',
  'installs in different directories':
    'COPY dir /a\nRUN cd /a && pip install ./ ; cd / && npm install -g x && npm install -g y',

  // Users and downloads
  'useradd with options that look alike':
    'RUN useradd -u 200000 -c "-l" joe && useradd -mu200001 jim\nRUN useradd -lu 200002 jack; useradd --uid 200003 -K UMASK=077 -- jill',
  'useradd in a loop and a nested shell':
    "RUN for n in 1 2; do useradd -u 20000$n joe$n; done; sh -c 'useradd -u 300000 jim'\nRUN useradd -u 300000 jim || touch /failed",
  'useradd of a variable that changes':
    'ENV ID=200000\nRUN ID=5; useradd -u $ID joe\nRUN useradd -u ${ID:-1} jim; groupadd -g 200000 g',
  'useradd whose records are looked at': 'RUN useradd -u 200000 joe && wc -c < /var/log/lastlog > /size || touch /none',
  'wget whose words a loop keeps':
    'RUN for u in a b; do wget https://example.org/$u; done 2> /log\nRUN if true; then wget https://example.org/c; fi 2>/log2',
  'wget whose words a function keeps': 'RUN get() { wget https://example.org/a; }; get 2> /log',
  'wget whose words the shell keeps':
    'RUN exec 2>/log; wget https://example.org/a\nRUN exec >/log2 2>&1; wget https://example.org/b',
  'wget whose words a nested shell keeps':
    "RUN sh -c 'wget https://example.org/a' 2>/log; (wget https://example.org/b) 2>/log2; { wget https://example.org/c; } &>/log3",
  'wget whose words are compared':
    'RUN test -n "$(wget https://example.org/a 2>&1)" && touch /said; wget -O- https://example.org/b 2>&1 | cat > /both',
  'wget with glued options':
    'RUN wget -O/a https://example.org/a && wget -P /p https://example.org/b; wget -qO- https://example.org/c > /c; wget -cO /d https://example.org/d',

  // Orders of steps
  'copies above what reads them':
    'COPY src /src\nCOPY package.json /app/\nRUN cp /src/main.js /app/ && apk add --no-cache git\nCOPY dir /app',
  'copies into folders of another owner':
    'COPY src /app/src\nUSER 1000\nWORKDIR /app/made\nUSER root\nCOPY --chown=3:4 dir /app\nRUN apt-get update && apt-get install -y git',
  'copies that overwrite each other':
    'COPY src /app\nRUN mkdir -p /app && echo x > /app/main.js\nCOPY dir /app\nCOPY src/main.js /app/a\nRUN apk add --no-cache git',
  'copies under programs that are looked for':
    'COPY two.sh /usr/local/bin/git\nRUN apk add --no-cache curl && git --version > /git 2>&1; true\nCOPY src /src\nRUN apk add --no-cache jq',
  'a step that prints where it is':
    'COPY src /a/\nRUN echo $PWD > /where && ls ~+ > /there 2>&1; true\nWORKDIR /a/b\nCOPY dir /d\nRUN echo ${PWD} > /where2',
  'a folder that two make':
    'RUN umask 077 && mkdir -p /app\nCOPY src /app/src\nRUN apk add --no-cache git\nRUN mkdir -p /app/x && touch /app/x/y',

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
