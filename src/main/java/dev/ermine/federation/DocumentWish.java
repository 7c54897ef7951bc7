package dev.ermine.federation;

import dev.ermine.merge.document.ByteRange;
import java.util.Optional;

/**
 * How a document is wanted.
 *
 * @param inFhir as a Binary in FHIR, where the region sends one; otherwise in its own type
 * @param range the part of it that is wanted, in its own type
 */
public record DocumentWish(boolean inFhir, Optional<ByteRange> range) {

  /** All of it, as the region sends it. */
  public static final DocumentWish AS_IT_IS = new DocumentWish(true, Optional.empty());
}
