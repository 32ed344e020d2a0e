import { createContext } from "preact";
import { useContext } from "preact/hooks";

/** The images and files of a draft, which are on this device alone. */
export interface DraftFiles {
  /** Names of those that are there. */
  readonly names: ReadonlySet<string>;
  /** Null when it is not there any more. */
  readonly read: (source: string) => Promise<Blob | null>;
}

const FilesContext = createContext<DraftFiles | null>(null);
export const DraftFilesProvider = FilesContext.Provider;

/** Null outside of a draft. */
export function useDraftFiles(): DraftFiles | null {
  return useContext(FilesContext);
}
