package dev.ermine.app.command;

/** How a command ends; a wrong usage ends with 2, as picocli has it. */
final class Exit {

  static final int GOOD = 0;

  /** A finding, a denial, a difference. */
  static final int FINDING = 1;

  static final int COULD_NOT_RUN = 3;

  private Exit() {}
}
