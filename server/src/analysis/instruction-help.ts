/** One sentence on each instruction: what it is for and what one should know of it. */
import * as l10n from '@vscode/l10n';

const reference = 'https://docs.docker.com/reference/dockerfile/';

/** What an instruction does, localized; null for an unknown one. */
export function instructionHelp(keyword: string): string | null {
  switch (keyword) {
    case 'FROM':
      return l10n.t(
        'Starts a build stage on top of an image, an earlier stage, or the empty `scratch`. Only what the last stage holds ends up in the image.',
      );
    case 'RUN':
      return l10n.t(
        'Runs commands while the image is built and keeps what they changed on disk. Shell state (`cd`, `export`) is gone when it ends.',
      );
    case 'CMD':
      return l10n.t(
        'The default command of the container, or the default arguments of ENTRYPOINT. `docker run image …` replaces it.',
      );
    case 'ENTRYPOINT':
      return l10n.t(
        'The program that the container is. In exec form (`["…"]`) it is process 1 itself and gets SIGTERM when the container stops.',
      );
    case 'COPY':
      return l10n.t(
        'Takes files from the build context, another stage or an image. The layer is reused as long as their content and mode stay the same.',
      );
    case 'ADD':
      return l10n.t(
        'Like COPY, and it also unpacks local archives and downloads URLs and git repositories. For plain files COPY says what happens.',
      );
    case 'ENV':
      return l10n.t('Sets an environment variable for the later steps of the stage and for the container.');
    case 'ARG':
      return l10n.t(
        'A variable of the build, set with `--build-arg`. It is not in the container, but `docker history` shows its value: nothing for secrets.',
      );
    case 'LABEL':
      return l10n.t('Attaches metadata to the image, such as `org.opencontainers.image.source`.');
    case 'EXPOSE':
      return l10n.t(
        'Documents the port that the container listens on. It publishes nothing: that is what `docker run -p` does.',
      );
    case 'VOLUME':
      return l10n.t('Declares a directory whose content lives outside the container’s layers, in a volume.');
    case 'USER':
      return l10n.t(
        'The user of the later RUN steps and of the container. COPY and ADD still create files as root unless they say `--chown`.',
      );
    case 'WORKDIR':
      return l10n.t(
        'The directory of later steps and of the container. It is created when it does not exist, so no `mkdir` is needed.',
      );
    case 'ONBUILD':
      return l10n.t('Keeps an instruction for later: it runs at the start of a build that is FROM this image.');
    case 'STOPSIGNAL':
      return l10n.t('The signal that `docker stop` sends; SIGTERM without it.');
    case 'HEALTHCHECK':
      return l10n.t(
        'A command that Docker runs now and then to see whether the container works. Kubernetes ignores it.',
      );
    case 'SHELL':
      return l10n.t('The shell of the later RUN, CMD and ENTRYPOINT in shell form; `["/bin/sh", "-c"]` without it.');
    case 'MAINTAINER':
      return l10n.t(
        'The author, in a form given up long ago; `LABEL org.opencontainers.image.authors=…` is read by tools.',
      );
    default:
      return null;
  }
}

/** The page of the Dockerfile reference that describes an instruction. */
export function referenceUrl(keyword: string): string {
  return keyword === 'MAINTAINER' ? `${reference}#maintainer-deprecated` : `${reference}#${keyword.toLowerCase()}`;
}
