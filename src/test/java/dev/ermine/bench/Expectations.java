package dev.ermine.bench;

import java.util.ArrayList;
import java.util.List;

/** What measured figures should come to, and whether they do. */
final class Expectations {

  private final List<String> missed = new ArrayList<>();
  private final List<String> held = new ArrayList<>();

  /**
   * That a figure is no more than it may be.
   *
   * @param noise how far it may be off by chance, in its own unit
   */
  void atMost(String what, double figure, double most, double noise) {
    String said = "%s: %.3g, at most %.3g (noise ± %.2g)".formatted(what, figure, most, noise);
    (figure <= most + noise ? held : missed).add(said); // of no figure neither is true: missed
  }

  /** That a figure is no less than it should be. */
  void atLeast(String what, double figure, double least, double noise) {
    String said = "%s: %.3g, at least %.3g (noise ± %.2g)".formatted(what, figure, least, noise);
    (figure >= least - noise ? held : missed).add(said);
  }

  boolean areMet() {
    return missed.isEmpty();
  }

  /** One a line, those that are missed last. */
  String told() {
    var text = new StringBuilder();
    held.forEach(said -> text.append("- ").append(said).append('\n'));
    missed.forEach(said -> text.append("- MISSED ").append(said).append('\n'));
    return text.toString();
  }
}
