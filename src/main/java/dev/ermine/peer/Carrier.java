package dev.ermine.peer;

import io.vertx.core.http.HttpConnection;

/** Connections as an attempt sees them: it counts what it takes, and tells what it found. */
interface Carrier {

  /** The event loop that they belong to. */
  PeerLoop loop();

  /** The count that they are in. */
  Connections connections();

  /** Notes that a whole answer came over {@code connection}. */
  void hasServed(HttpConnection connection);

  /** Whether the certificate that {@code connection} was made with is still known to be good. */
  boolean isUnrevoked(HttpConnection connection);

  /** Whether {@code connection} was kept alive since an earlier answer. */
  boolean isReused(HttpConnection connection);
}
