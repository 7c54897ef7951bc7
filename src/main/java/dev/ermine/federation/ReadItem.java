package dev.ermine.federation;

import dev.ermine.merge.document.DocumentLink;

/** What one read is of. */
public sealed interface ReadItem {

  /** A resource. */
  record Resource(String type, String id) implements ReadItem {}

  /** The document in a Binary. */
  record Binary(String id, DocumentWish wish) implements ReadItem {}

  /**
   * The document of an attachment.
   *
   * @param url as the region gave it
   */
  record Attachment(String url, DocumentWish wish) implements ReadItem {

    /** Never the URL: it may hold an NHS number. */
    @Override
    public String toString() {
      return "Attachment";
    }
  }

  /** The type that agreements name. */
  default String type() {
    return this instanceof Resource resource ? resource.type() : "Binary";
  }

  /** What its address at the gateway ends with. */
  default String path() {
    return switch (this) {
      case Resource(String type, String id) -> type + "/" + id;
      case Binary(String id, _) -> "Binary/" + id;
      case Attachment(String url, _) -> "documents/" + DocumentLink.segment(url).orElse("");
    };
  }
}
