/** What is used of Node's WebAssembly; TypeScript has its types only together with a browser's. */
declare namespace WebAssembly {
  class Module {
    constructor(bytes: Uint8Array);
  }
  class Memory {
    readonly buffer: ArrayBufferLike;
    constructor(descriptor: { initial: number; maximum?: number; shared?: true });
    /** By so many pages of 64 KiB; views of the old buffer are empty afterwards. */
    grow(pages: number): number;
  }
  class Table {
    constructor(descriptor: { initial: number; element: 'anyfunc' });
    set(index: number, value: unknown): void;
    /** By so many entries; returns how many there were. */
    grow(entries: number): number;
  }
  class Instance {
    readonly exports: Readonly<Record<string, unknown>>;
    constructor(
      module: Module,
      imports: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
    );
  }
}
