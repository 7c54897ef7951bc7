package dev.ermine.fhir;

import dev.ermine.fhir.Entry.ContainedPatient;
import dev.ermine.fhir.Entry.Identifier;
import dev.ermine.fhir.Entry.Mode;
import dev.ermine.fhir.Entry.Reference;
import dev.ermine.fhir.Entry.Url;
import java.util.List;
import java.util.Optional;

/**
 * A resource and its facets, as the scanner found them, not yet an entry: what stands around it may
 * come later in the body.
 *
 * @param weight bytes of memory that its facets take, about
 * @param issue the element {@code issue}, which an OperationOutcome has
 */
record ScannedResource(
    Slice bytes,
    String type,
    Optional<String> id,
    List<Identifier> identifiers,
    List<Reference> references,
    List<Url> urls,
    List<ContainedPatient> contained,
    Facets facets,
    long weight,
    Optional<Slice> issue) {

  boolean isOutcome() {
    return type.equals("OperationOutcome");
  }

  Entry entry(Optional<String> fullUrl, Mode mode) {
    return new Entry(
        bytes, type, id, fullUrl, mode, identifiers, references, urls, contained, facets);
  }
}
