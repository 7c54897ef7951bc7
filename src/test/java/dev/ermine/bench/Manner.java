package dev.ermine.bench;

import java.time.Duration;

/** How a stand-in treats a request. */
sealed interface Manner {

  /** At once. */
  Manner WELL = new Answer(Duration.ZERO);

  /** Answers with what it holds, so much later. */
  record Answer(Duration delay) implements Manner {}

  /** Answers with what it holds, at some time between, any as likely. */
  record Unsteady(Duration least, Duration most) implements Manner {}

  /** Begins an answer, and sends a byte of it every so often. */
  record Drip(Duration between) implements Manner {}

  /** Never answers. */
  record Silence() implements Manner {}

  /** Is not there: what is connected is cut, and nobody listens. */
  record Refusal() implements Manner {}

  /** Cuts the connection. */
  record Reset() implements Manner {}

  /** Answers with an error; {@code retryAfter} is that header, empty for none. */
  record Failure(int status, String retryAfter) implements Manner {}

  /** One way for a second, the other way the next. */
  record Flap(Manner one, Manner other) implements Manner {

    public Flap {
      if (one instanceof Refusal || other instanceof Refusal) {
        throw new IllegalArgumentException("who listens cannot be changed by the second");
      }
    }
  }
}
