declare module "commonmark-spec" {
  interface Example {
    readonly number: number;
    readonly section: string;
    /** Tabs are arrows. */
    readonly markdown: string;
    readonly html: string;
  }
  const spec: { readonly tests: readonly Example[] };

  // biome-ignore lint/style/noDefaultExport: the package has no other
  export { spec as default };
}
