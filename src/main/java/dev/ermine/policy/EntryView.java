package dev.ermine.policy;

import dev.ermine.fhir.Entry;
import dev.ermine.fhir.Facets.Dated;
import dev.ermine.fhir.TimeSpan;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** An entry as criteria look at it; what several of them ask is worked out once. */
final class EntryView {

  /**
   * A reference of the entry's, and where it leads.
   *
   * @param address nowhere, where that cannot be told or it is logical
   */
  record Lead(Entry.Reference reference, String address) {}

  /**
   * When what the entry says was, and was recorded.
   *
   * @param unclear whether it has a date that cannot be read
   */
  record Dates(List<TimeSpan> spans, boolean unclear) {}

  private final Entry entry;
  private final EntryLabels labels;
  private final EntrySpace space;
  private volatile @Nullable String address;
  private volatile @Nullable List<Lead> leads;
  private volatile @Nullable Dates dates;

  EntryView(Entry entry, EntryLabels labels, EntrySpace space) {
    this.entry = entry;
    this.labels = labels;
    this.space = space;
  }

  Entry entry() {
    return entry;
  }

  EntryLabels labels() {
    return labels;
  }

  String address() {
    @Nullable String known = address;
    if (known == null) {
      known = space.address(entry);
      address = known;
    }
    return known;
  }

  List<Lead> leads() {
    @Nullable List<Lead> known = leads;
    if (known == null) {
      known = entry.references().stream().map(this::lead).toList();
      leads = known;
    }
    return known;
  }

  private Lead lead(Entry.Reference reference) {
    return new Lead(
        reference,
        reference
            .literal()
            .map(url -> space.address(entry, url.value()))
            .orElse(EntrySpace.NOWHERE));
  }

  Dates dates() {
    @Nullable Dates known = dates;
    if (known == null) {
      known = datesOf(entry.facets().dates());
      dates = known;
    }
    return known;
  }

  private static Dates datesOf(List<Dated> dated) {
    List<TimeSpan> spans = new ArrayList<>(dated.size());
    boolean unclear = false;
    for (Dated each : dated) {
      Optional<TimeSpan> start = each.start().flatMap(TimeSpan::parse);
      Optional<TimeSpan> end =
          each.end().equals(each.start()) ? start : each.end().flatMap(TimeSpan::parse);
      if (isReadable(each, start, end)) {
        spans.add(TimeSpan.between(start, end));
      } else {
        unclear = true;
      }
    }
    return new Dates(spans, unclear);
  }

  private static boolean isReadable(Dated each, Optional<TimeSpan> start, Optional<TimeSpan> end) {
    return start.isPresent() == each.start().isPresent()
        && end.isPresent() == each.end().isPresent()
        && (start.isPresent() || end.isPresent());
  }
}
