/** Dockerfiles whose cache is predicted and then measured, and the context that they copy from. */
import fc from 'fast-check';
import type { NewFiles } from './harness/tar-write';

export const cacheContext: NewFiles = {
  '.dockerignore': '*.log\nbuild\n!build/keep.txt\n**/tmp\n',
  'one.txt': 'one\n',
  'two.txt': 'two\n',
  'note.log': 'ignored\n',
  'run.sh': { content: '#!/bin/sh\necho ran > /ran\n', mode: 0o755 },
  'src/': {},
  'src/main.c': 'int main;\n',
  'src/lib/': {},
  'src/lib/util.c': 'int util;\n',
  'src/tmp/': {},
  'src/tmp/scratch': 'ignored too\n',
  'conf/': {},
  'conf/app.conf': 'port=1\n',
  'build/': {},
  'build/out': 'ignored\n',
  'build/keep.txt': 'kept\n',
};

const base = 'FROM localhost/base';

const written: readonly string[] = [
  `${base}\nCOPY one.txt /one\nRUN cat /one > /copied\nCOPY two.txt /two\nRUN cat /two >> /copied`,
  `${base}\nRUN mkdir -p /app && echo a > /app/a\nCOPY src /app/src\nRUN ls -R /app > /list\nCMD ["cat", "/list"]`,
  `${base}\nWORKDIR /app\nCOPY . .\nRUN find . -type f | sort > /list\nLABEL a=1\nRUN wc -l /list`,
  `${base}\nARG VERSION=1\nCOPY one.txt /one\nRUN echo $VERSION > /version\nRUN cat /one`,
  `ARG BASE=localhost/base\nFROM $BASE\nARG NAME=world\nENV GREETING="hello $NAME"\nCOPY one.txt /\nRUN echo $GREETING > /greeting`,
  `${base}\nENV A=1 B=2\nENV C=$A\nCOPY one.txt /$C/one\nRUN env | sort > /env\nWORKDIR /w/$B\nRUN touch here`,
  `${base}\nUSER 1000\nWORKDIR /home/app\nRUN id > /tmp/mine\nUSER root\nRUN touch /theirs\nCOPY one.txt .`,
  `${base}\nSHELL ["/bin/sh", "-ec"]\nRUN echo a > /a\nRUN ["/bin/sh", "-c", "echo b > /b"]\nCOPY one.txt /one\nSHELL ["/bin/sh", "-c"]\nRUN echo c > /c`,
  `${base}\nEXPOSE 80 443\nVOLUME /data\nSTOPSIGNAL SIGINT\nHEALTHCHECK --interval=5s CMD true\nCOPY one.txt /one\nRUN echo 1 > /1\nENTRYPOINT ["cat"]\nCMD ["/one"]`,
  `${base}\nCOPY --chown=1000:1000 one.txt two.txt /files/\nRUN ls -l /files > /list\nADD src/lib /lib2/\nRUN cat /lib2/util.c`,
  `${base} AS build\nCOPY src /src\nRUN cat /src/main.c > /out\n${base}\nCOPY --from=build /out /out\nRUN cat /out > /final`,
  `${base} AS build\nCOPY src /src\nRUN mkdir /made && echo fixed > /made/file\nFROM scratch\nCOPY --from=build /src/lib /lib\nCOPY --from=build /made /made`,
  `${base} AS common\nENV MODE=fast\nRUN echo common > /common\nFROM common AS left\nCOPY one.txt /left\nFROM common\nCOPY --from=left /left /left\nCOPY two.txt /right\nRUN echo $MODE > /mode`,
  `${base} AS files\nCOPY one.txt two.txt /f/\n${base} AS tool\nARG LEVEL=3\nRUN echo $LEVEL > /level\n${base}\nCOPY --from=files /f/one.txt /one\nCOPY --from=tool /level /level\nRUN cat /one /level > /both`,
  `${base}\nCOPY *.txt /texts/\nRUN ls /texts > /list\nCOPY s*c/main.? /found/\nRUN ls /found >> /list`,
  `${base}\nCOPY conf/app.conf /etc/app.conf\nARG STAMP\nRUN echo "$STAMP" > /stamp\nENV STAMPED=$STAMP\nRUN echo $STAMPED > /stamped\nCOPY run.sh /usr/bin/run\nRUN run`,
  `${base}\nRUN <<EOF\necho one > /1\necho two > /2\nEOF\nCOPY <<EOF /greeting\nhello\nEOF\nRUN cat /greeting`,
  `${base}\nRUN --mount=type=bind,source=src,target=/src cat /src/main.c > /main\nRUN --mount=type=cache,target=/cache echo x > /cache/x\nCOPY one.txt /one`,
  `${base}\nLABEL version=1 \\\n      # why\n      name=x\nONBUILD RUN echo later\nCOPY one.txt /one\nRUN true && \\\n    echo done > /done`,
  `${base} AS a\nARG WHO=me\nENV WHO_IS=$WHO\nRUN echo $WHO_IS > /who\nFROM a AS b\nRUN cat /who > /again\nCOPY one.txt /one\nFROM b\nWORKDIR /end\nCOPY --from=a /who .`,
];

/** How many are made at random, always the same ones. */
const random = 22;

const instruction = fc.oneof(
  { weight: 4, arbitrary: fc.nat(5).map((n) => `RUN echo ${n} > /run${n}`) },
  { weight: 1, arbitrary: fc.constantFrom('RUN ls -R /srv > /listed || true', 'RUN env | sort > /seen', 'RUN true') },
  {
    weight: 3,
    arbitrary: fc.constantFrom('one.txt', 'two.txt', 'conf', 'src/lib').map((file) => `COPY ${file} /srv/${file}`),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom('COPY . /all', 'COPY src/ ./', 'ADD one.txt two.txt /both/', 'COPY *.txt /texts/'),
  },
  { weight: 1, arbitrary: fc.nat(3).map((n) => `ENV E${n}=value${n}`) },
  { weight: 1, arbitrary: fc.nat(3).map((n) => `ARG A${n}=default${n}`) },
  { weight: 1, arbitrary: fc.constantFrom('WORKDIR /work', 'WORKDIR sub', 'WORKDIR /') },
  {
    weight: 1,
    arbitrary: fc.constantFrom('LABEL l=1', 'EXPOSE 8080', 'VOLUME /v', 'CMD ["true"]', 'STOPSIGNAL SIGTERM'),
  },
  { weight: 1, arbitrary: fc.constantFrom('RUN echo $E1 > /e1', 'ENV C=$A1', 'RUN echo $A0$A2 > /args') },
);

const stage = fc.array(instruction, { minLength: 2, maxLength: 5 });

const dockerfile = fc.tuple(fc.array(stage, { minLength: 1, maxLength: 3 }), fc.nat(3)).map(([stages, link]) =>
  stages
    .map((instructions, index) => {
      const isLast = index === stages.length - 1;
      const from = index > 0 && link === 0 ? `FROM s${index - 1}` : base;
      const head = isLast ? from : `${from} AS s${index}`;
      const marked = [`RUN mkdir -p /srv && echo ${index} > /srv/stage${index}`, ...instructions];
      const taken = index > 0 && link !== 0 ? [`COPY --from=s${index - 1} /srv /from${index - 1}`] : [];
      return [head, ...marked, ...taken].join('\n');
    })
    .join('\n'),
);

/** All of them. */
export const cacheCases: readonly string[] = [...written, ...fc.sample(dockerfile, { numRuns: random, seed: 20 })];
