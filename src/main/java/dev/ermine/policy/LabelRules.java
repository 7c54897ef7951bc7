package dev.ermine.policy;

import dev.ermine.fhir.Coding;
import dev.ermine.fhir.Entry;
import dev.ermine.fhir.Facets.Coded;
import dev.ermine.region.Labelling;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The labels that hold for entries: those that they were sent with, and those that the officers'
 * lists of sensitive codes give them. A list adds labels and never takes one away.
 *
 * @see <a href="https://hl7.org/fhir/R4/security-labels.html">FHIR R4: security labels</a>
 */
public final class LabelRules {

  private final Labelling labelling;
  private final Map<Coding, Set<Coding>> derived;

  public LabelRules(Labelling labelling) {
    this.labelling = labelling;
    this.derived = new HashMap<>();
    for (Labelling.Group group : labelling.groups()) {
      for (Coding code : group.codes()) {
        derived.computeIfAbsent(code, _ -> new HashSet<>()).addAll(group.labels());
      }
    }
  }

  /** The labels that hold for that entry. */
  EntryLabels labels(Entry entry) {
    List<Coding> sent = entry.facets().labels();
    @Nullable List<Coding> all = null;
    for (Coded code : entry.facets().codes()) {
      Set<Coding> more = derived.get(code.coding());
      if (more != null) {
        all = all == null ? new ArrayList<>(sent) : all;
        all.addAll(more);
      }
    }
    return EntryLabels.of(all == null ? sent : all);
  }

  /** Which lists label that entry, in words. */
  List<String> words(Entry entry) {
    return labelling.groups().stream()
        .filter(
            group ->
                entry.facets().codes().stream()
                    .map(Coded::coding)
                    .anyMatch(group.codes()::contains))
        .map(LabelRules::words)
        .toList();
  }

  private static String words(Labelling.Group group) {
    return "list `"
        + group.id()
        + "` ("
        + group.title()
        + ") holds a code of it, and labels it "
        + String.join(
            ", ", group.labels().stream().map(it -> "`" + it.code() + "`").sorted().toList());
  }
}
