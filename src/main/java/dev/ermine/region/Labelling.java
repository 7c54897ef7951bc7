package dev.ermine.region;

import dev.ermine.fhir.Coding;
import java.util.List;
import java.util.Set;

/**
 * The lists of sensitive codes that officers own: an entry that holds one of a group's codes
 * carries the group's labels, whatever its region labelled it with.
 */
public record Labelling(List<Group> groups) {

  /** No lists. */
  public static final Labelling NONE = new Labelling(List.of());

  /**
   * A list of codes, and what they make of an entry.
   *
   * @param id quoted by rules
   * @param title in an officer's words
   * @param labels confidentiality, sensitivities (v3-ActCode), groups restricted by law ({@link
   *     ReleaseTerms.LegalGroup}) that an entry with one of the codes carries
   * @param codes compared exactly: a list names descendants itself
   */
  public record Group(String id, String title, Set<Coding> labels, Set<Coding> codes) {
    public Group {
      labels = Set.copyOf(labels);
      codes = Set.copyOf(codes);
    }
  }

  public Labelling {
    groups = List.copyOf(groups);
  }
}
