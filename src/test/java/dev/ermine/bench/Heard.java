package dev.ermine.bench;

/**
 * How one query of the load ended. Times are nanoseconds of {@link System#nanoTime}.
 *
 * @param trace the trace it was in
 * @param id its {@code X-Request-Id}, as the answer has it; empty where there was none
 * @param due when it should have been sent
 * @param sent when it was handed to the client
 * @param ended when the last byte was there
 * @param status 0 where no answer began
 * @param whole whether all that were asked had answered
 * @param lost why there was no answer, or not all of it; empty where it came whole
 */
record Heard(
    String trace,
    String id,
    long due,
    long sent,
    long ended,
    int status,
    boolean whole,
    String lost) {

  static Heard nothing(String trace, long due, long sent, String why) {
    return new Heard(trace, "", due, sent, System.nanoTime(), 0, false, why);
  }

  /** From when it was due: what its asker waited, however late the load itself was. */
  double latencyMillis() {
    return (ended - due) / 1e6;
  }

  boolean answered() {
    return status == 200 && lost.isEmpty();
  }

  /** Whether anything of an answer left the gateway. */
  boolean released() {
    return status == 200;
  }

  boolean turnedAway() {
    return status == 503;
  }
}
