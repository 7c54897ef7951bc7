package dev.ermine.region;

import java.util.List;

/** What came of reading {@code regions.yaml}: all of it, or every fault that it has. */
public sealed interface Reading {

  /** A file without fault. */
  record Loaded(Regions regions) implements Reading {}

  /** A file that is refused whole; its faults in the order of their lines. */
  record Faulty(List<Fault> faults) implements Reading {
    public Faulty {
      faults = List.copyOf(faults);
    }
  }
}
