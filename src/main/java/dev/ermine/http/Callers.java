package dev.ermine.http;

import dev.ermine.region.Region;
import dev.ermine.region.Regions;
import io.vertx.core.net.impl.ConnectionBase;
import io.vertx.ext.web.RoutingContext;
import java.security.cert.X509Certificate;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * The connections that are open to us, looked at whenever trust may have ended: none outlives the
 * trust in who made it, and no answer goes on being written that holds what may no longer be told.
 */
public final class Callers {

  private final Supplier<Regions> live;
  private final Predicate<String> askers;
  private final Function<X509Certificate, Whose> whose;
  private final Map<ConnectionBase, Caller> open = new ConcurrentHashMap<>();

  /**
   * @param live the regions in force
   * @param askers whether the certificate of a thumbprint proves a region that may ask now
   * @param whose whose requests those are that come with a certificate
   */
  public Callers(
      Supplier<Regions> live, Predicate<String> askers, Function<X509Certificate, Whose> whose) {
    this.live = live;
    this.askers = askers;
    this.whose = whose;
  }

  /** Who sends this request, over which connection; called on its event loop. */
  Caller arrived(RoutingContext wire, X509Certificate certificate) {
    ConnectionBase connection = (ConnectionBase) wire.request().connection();
    Caller caller = open.computeIfAbsent(connection, any -> opened(any, certificate));
    caller.begin(wire);
    return caller;
  }

  /** The channel says when it has closed; the connection's own handlers are the server's. */
  private Caller opened(ConnectionBase connection, X509Certificate certificate) {
    connection.channel().closeFuture().addListener(any -> open.remove(connection));
    return new Caller(connection.channel(), certificate, whose.apply(certificate), askers);
  }

  /**
   * Whether an answer may leave. From here on it is cut when trust in its asker or in a region that
   * it holds something of ends, until its last byte is written.
   */
  boolean lets(Departure departure) {
    // Noted before it is looked at, so that it cannot slip between two versions of the regions.
    departure.caller().note(departure);
    return stands(departure);
  }

  /** Looks at every connection: to be called when other regions are in force, and now and then. */
  public void look() {
    for (Caller caller : open.values()) {
      caller.departures().filter(departure -> !stands(departure)).forEach(caller::cut);
      caller.closeUnlessAsker();
    }
  }

  private boolean stands(Departure departure) {
    Regions regions = live.get();
    return askers.test(departure.asker().certificate())
        && departure.asker().mayAsk(regions)
        && departure.from().stream()
            .allMatch(id -> regions.region(id).filter(Region::mayAnswer).isPresent())
        && departure.origins().stream()
            .allMatch(id -> regions.region(id).filter(it -> !it.suspended()).isPresent());
  }
}
