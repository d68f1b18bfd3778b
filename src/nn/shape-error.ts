/** What a layer says where a shape does not suit it. The network knows which layer it is. */

/** `message` is "expected …; found …"; `key` is the argument it is about, if it is about one. */
export class ShapeError extends Error {
  constructor(
    message: string,
    readonly key?: string,
  ) {
    super(message);
    this.name = 'ShapeError';
  }
}
