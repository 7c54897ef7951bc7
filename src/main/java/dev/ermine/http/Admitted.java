package dev.ermine.http;

import dev.ermine.federation.Traceparent;
import dev.ermine.trust.Credentials;
import io.vertx.core.MultiMap;
import io.vertx.ext.web.RoutingContext;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A request that the {@link Door} has let in: soundly framed, at an address there is, its body read
 * whole. Who asks is not proven yet.
 *
 * @param requestId its id, for audit, logs and peers
 * @param trace its own place in a trace, for logs and peers
 * @param client the network address that it came from
 * @param caller the connection that it came over
 * @param chain the client's certificates, leaf first; empty only at public addresses
 * @param query the URL's query, as it came
 * @param body as it came
 * @param stay its place at the gate, and its room
 */
@SuppressWarnings("ArrayRecordComponent") // bytes off the wire, handed from the door to one reader
record Admitted(
    String requestId,
    Traceparent trace,
    String client,
    Optional<Caller> caller,
    Address address,
    List<X509Certificate> chain,
    MultiMap headers,
    byte[] query,
    byte[] body,
    Stay stay) {

  private static final String KEY = Admitted.class.getName();

  /** RFC 6750 2.1, with the scheme in any case (RFC 9110 11.1). */
  private static final Pattern BEARER =
      Pattern.compile("(?i:bearer) (?<token>[A-Za-z0-9._~+/-]+=*)");

  Admitted {
    chain = List.copyOf(chain);
  }

  /** The request that the door let in with {@code wire}. */
  static Admitted of(RoutingContext wire) {
    Admitted admitted = wire.get(KEY);
    if (admitted == null) {
      throw new IllegalStateException("a request came in past the door");
    }
    return admitted;
  }

  void letIn(RoutingContext wire) {
    wire.put(KEY, this);
    wire.next();
  }

  /** Has the request answered, unless its client has gone: then nobody reads what it is told. */
  Outgoing answered(Function<Admitted, ? extends Outgoing> answer) {
    return stay.<Outgoing>during(() -> answer.apply(this))
        .orElseGet(() -> Refusals.of(Fault.STOPPING));
  }

  /** Certificates from the TLS session alone, the token from {@code Authorization} alone. */
  Credentials credentials() {
    return new Credentials(chain, bearer());
  }

  private Optional<String> bearer() {
    return Optional.ofNullable(headers.get("authorization"))
        .map(BEARER::matcher)
        .filter(Matcher::matches)
        .map(bearer -> bearer.group("token"));
  }

  /** Never headers, query or body. */
  @Override
  public String toString() {
    return "Admitted[" + requestId + ", " + address.template() + "]";
  }
}
