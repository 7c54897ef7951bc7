package dev.ermine.merge;

/** What is done with entries that record the same fact. */
public enum Duplicates {
  /** All are shown, linked as alternates. */
  SHOW,
  /** One is shown for all that are alike in every detail that bears on safety. */
  FOLD;

  /** The view as it is wished. */
  public Merged in(Merged whole) {
    return switch (this) {
      case SHOW -> whole;
      case FOLD -> Folding.of(whole);
    };
  }
}
