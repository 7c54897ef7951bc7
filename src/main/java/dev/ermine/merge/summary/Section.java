package dev.ermine.merge.summary;

import java.util.List;

/**
 * A section as people are to read it.
 *
 * @param said what is said ahead of its rows
 * @param rows a row for each entry that is shown, as many as a page of paper can bear
 * @param missing what may be missing from it, and why; its last words are always that absence is no
 *     evidence
 */
public record Section(Heading heading, List<String> said, List<Row> rows, List<String> missing) {

  /** How many rows are written out. */
  static final int MOST = 500;

  public Section {
    said = said.stream().map(Plain::line).toList();
    rows = List.copyOf(rows);
    missing = missing.stream().map(Plain::line).toList();
  }

  /** The rows in the order in which people look for them, and words for those beyond. */
  public static Section of(
      Heading heading, List<String> said, List<Row> rows, List<String> missing) {
    List<Row> ordered = rows.stream().sorted(Row.ORDER).toList();
    if (ordered.size() <= MOST) {
      return new Section(heading, said, ordered, missing);
    }
    List<String> more = new java.util.ArrayList<>(said);
    more.add(
        "Of %d entries the first %d are written out; all of them are in this document."
            .formatted(ordered.size(), MOST));
    return new Section(heading, more, ordered.subList(0, MOST), missing);
  }

  /** The heading alone. */
  @Override
  public String toString() {
    return "Section[" + heading + "]";
  }
}
