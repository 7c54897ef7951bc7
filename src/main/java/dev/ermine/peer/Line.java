package dev.ermine.peer;

import dev.ermine.region.Region;
import java.net.URI;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What of a region's declaration its connections are made of. Whatever else of it changes, such as
 * a budget or a quota, they are kept.
 *
 * @param connect the time within which a connection is made
 * @param connections at once, at most
 * @param open documents at once, at most
 */
record Line(
    URI base,
    List<URI> documents,
    List<X509Certificate> anchors,
    Optional<Region.Revocation> revocation,
    Region.Wire wire,
    Duration connect,
    int connections,
    int open) {

  static Line of(Region.Answers answers) {
    return new Line(
        answers.base(),
        answers.documents(),
        answers.anchors(),
        answers.revocation(),
        answers.wire(),
        answers.wire().connectWithin(answers.budget()),
        answers.limits().connections(),
        answers.limits().documents());
  }

  /** Whether these regions still vouch for whoever is asked over it. */
  boolean isTrusted(Region.Answers now) {
    return now.base().equals(base)
        && now.documents().containsAll(documents)
        && now.anchors().containsAll(anchors);
  }
}
