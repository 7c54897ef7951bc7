package dev.ermine.merge.document;

import dev.ermine.fhir.Slice;

/** What a region sends for a document. */
public sealed interface Content permits Content.Wrapped, OpenDocument {

  /** A {@code Binary} in FHIR that the document is in. It has been read whole. */
  record Wrapped(Slice binary) implements Content {}

  /** Lets go of what is still on its way: nobody will read it. */
  default void abandon() {
    if (this instanceof OpenDocument open) {
      open.end(OpenDocument.Ending.ABANDONED);
    }
  }
}
