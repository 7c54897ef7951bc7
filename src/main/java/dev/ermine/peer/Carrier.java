package dev.ermine.peer;

import dev.ermine.region.Region;
import io.vertx.core.http.HttpConnection;

/** Connections as an attempt sees them: it counts what it takes, and tells what it found. */
interface Carrier {

  /** The event loop that they belong to. */
  PeerLoop loop();

  /** The count that they are in. */
  Connections connections();

  /** Notes that a whole answer came over {@code connection}. */
  void hasServed(HttpConnection connection);

  /** How they are made. */
  Region.Wire wire();

  /** Whether the server that {@code connection} leads to would still be connected to now. */
  boolean isStillTrusted(HttpConnection connection);

  /** Has the next connections agree TLS from the beginning. */
  void forgetSessions();

  /** Whether {@code connection} was kept alive since an earlier answer. */
  boolean isReused(HttpConnection connection);
}
