package dev.ermine.merge;

import dev.ermine.fhir.Entry;
import dev.ermine.merge.PeerAnswer.Gap;
import java.util.List;
import java.util.stream.Stream;

/**
 * The warnings that a region's Lists carry: that they lack confidential items, or data in transit
 * or not yet filed. A List that is withheld warns of nothing, so that it does not show.
 *
 * @see <a
 *     href="https://simplifier.net/hl7fhirukcorer4/extension-ukcore-listwarningcode">Extension-UKCore-ListWarningCode</a>
 */
final class ListWarnings {

  private ListWarnings() {}

  /** The gaps that Lists among the entries kept tell of, each once. */
  static List<Gap> of(List<Entry> kept) {
    return kept.stream()
        .filter(entry -> entry.type().equals("List"))
        .flatMap(list -> list.facets().warnings().stream())
        .map(code -> PeerWarnings.gap(Stream.of(code)))
        .distinct()
        .toList();
  }
}
