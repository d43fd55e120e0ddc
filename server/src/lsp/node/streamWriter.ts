/**
 * Writes messages to a stream, each in one piece. The library's own writer sends header and content apart, through a
 * queue of promises: that wakes the client twice for every answer, which costs more than most answers take to compute.
 */
import { AbstractMessageWriter, type Message, type MessageWriter } from 'vscode-languageserver';

export function createStreamWriter(stream: NodeJS.WritableStream): MessageWriter {
  return new StreamWriter(stream);
}

class StreamWriter extends AbstractMessageWriter implements MessageWriter {
  readonly #stream: NodeJS.WritableStream;
  #errors = 0;

  constructor(stream: NodeJS.WritableStream) {
    super();
    this.#stream = stream;
    stream.on('error', (error: Error) => this.fireError(error, undefined, ++this.#errors));
    stream.on('close', () => this.fireClose());
  }

  async write(message: Message): Promise<void> {
    const content = JSON.stringify(message);
    this.#stream.write(`Content-Length: ${Buffer.byteLength(content)}\r\n\r\n${content}`);
  }

  end(): void {
    this.#stream.end();
  }
}
