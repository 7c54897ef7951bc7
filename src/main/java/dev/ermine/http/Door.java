package dev.ermine.http;

import dev.ermine.federation.Traceparent;
import dev.ermine.trace.Span;
import dev.ermine.trace.Spans;
import dev.ermine.trust.Trust;
import dev.ermine.trust.Trust.Untrusted;
import io.netty.buffer.PooledByteBufAllocator;
import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/**
 * What every request passes before anything else sees it: it lets in what is soundly framed, at an
 * {@link Address} there is, and shows a client certificate unless that address is public.
 */
public final class Door implements Handler<RoutingContext> {

  private final Supplier<AuditedRefusals> refusals;
  private final Traffic traffic;
  private final Spans spans;
  private final Drain drain;
  private final Supplier<Callers> callers;
  private final Gate gate;
  private final String base;

  /**
   * @param refusals asked for at the first refusal, when all is wired
   * @param traffic told of each request
   * @param spans told of each request
   * @param drain says when nobody is let in any more
   * @param callers told of each request that shows a certificate
   * @param gate says for how many there is a place
   * @param base the gateway's base URL, without trailing slash
   */
  public Door(
      Supplier<AuditedRefusals> refusals,
      Traffic traffic,
      Spans spans,
      Drain drain,
      Supplier<Callers> callers,
      Gate gate,
      String base) {
    this.refusals = refusals;
    this.traffic = traffic;
    this.spans = spans;
    this.drain = drain;
    this.callers = callers;
    this.gate = gate;
    this.base = base;
  }

  @Override
  public void handle(RoutingContext wire) {
    HttpServerRequest request = wire.request();
    Outflow.channelOf(wire).config().setAllocator(PooledByteBufAllocator.DEFAULT);
    Optional<Fault> fault = faultOf(request);
    Optional<Address> address = fault.isPresent() ? Optional.empty() : Address.of(pathOf(request));
    String requestId = RequestId.of(request.getHeader("x-request-id"));
    Traceparent trace = follow(wire, address);
    sign(request, request.response(), requestId, trace);
    List<X509Certificate> chain = chainOf(request.sslSession());
    boolean stranger = chain.isEmpty() && !address.map(Address::isPublic).orElse(false);
    Optional<Caller> caller =
        chain.stream().findFirst().map(leaf -> callers.get().arrived(wire, leaf));
    watch(wire, address.filter(_ -> !stranger).map(Address::interaction).orElse(Interaction.NONE));
    if (!enter(wire)) {
      refuse(wire, Fault.STOPPING);
    } else if (fault.isPresent()) {
      refuse(wire, fault.get());
    } else if (stranger) {
      refuseStranger(wire, requestId, routeOf(address));
    } else if (address.isEmpty()) {
      refuse(wire, Fault.UNKNOWN_ADDRESS);
    } else if (!address.get().allows(request.method().name())) {
      request.response().putHeader("Allow", address.get().method().orElse(""));
      refuse(wire, Fault.METHOD);
    } else {
      letIn(wire, requestId, trace, caller, address.get(), chain);
    }
  }

  /** Lets the request in, and out with its answer; false when nobody is let in any more. */
  private boolean enter(RoutingContext wire) {
    if (!drain.enter()) {
      wire.addEndHandler(_ -> HangUp.after(wire));
      return false;
    }
    wire.addHeadersEndHandler(_ -> sendElsewhere(wire.response()));
    wire.addEndHandler(_ -> HangUp.after(wire).onComplete(_ -> drain.leave()));
    return true;
  }

  /** Whoever asks while the gateway is stopping asks another one next. */
  private void sendElsewhere(HttpServerResponse response) {
    if (drain.hasBegun()) {
      response.putHeader("Connection", "close");
    }
  }

  /** Has the request's span begin, and end with its response; its place in the trace. */
  private Traceparent follow(RoutingContext wire, Optional<Address> address) {
    HttpServerRequest request = wire.request();
    List<String> traceparents = request.headers().getAll("traceparent");
    Optional<Traceparent> asker =
        traceparents.size() == 1 ? Traceparent.parse(traceparents.getFirst()) : Optional.empty();
    Span span = spans.request(asker, request.method().name(), routeOf(address));
    wire.addEndHandler(
        ended -> {
          if (ended.succeeded()) {
            span.end(wire.response().getStatusCode());
          } else {
            span.abandon();
          }
        });
    return span.trace();
  }

  private static String routeOf(Optional<Address> address) {
    return address.map(Address::template).orElse(Address.UNKNOWN);
  }

  /** The headers that every response has. */
  private void sign(
      HttpServerRequest request, HttpServerResponse response, String requestId, Traceparent trace) {
    response
        .putHeader("X-Request-Id", requestId)
        .putHeader("traceparent", trace.header())
        .putHeader("Cache-Control", "no-store")
        .putHeader("X-Content-Type-Options", "nosniff")
        .putHeader("Via", "1.1 ermine")
        .putHeader("X-Intermediary", base + "/fhir");
    RequestId.usable(request.getHeader("x-correlation-id"))
        .ifPresent(id -> response.putHeader("X-Correlation-Id", id));
  }

  private static Optional<Fault> faultOf(HttpServerRequest request) {
    return Framing.faultOf(request)
        .or(
            () ->
                Address.isPlain(pathOf(request))
                    ? Optional.empty()
                    : Optional.of(Fault.PATH_NOT_PLAIN));
  }

  /** The path as it came, nothing decoded; empty where the target is not a path. */
  private static String pathOf(HttpServerRequest request) {
    return Optional.ofNullable(request.path()).orElse("");
  }

  private static List<X509Certificate> chainOf(SSLSession session) {
    try {
      return Stream.<Certificate>of(session.getPeerCertificates())
          .map(X509Certificate.class::cast)
          .toList();
    } catch (SSLPeerUnverifiedException e) {
      // The client showed none: so the JDK says it.
      return List.of();
    }
  }

  /** However it ends: its answer written whole, or its client gone before. */
  private void watch(RoutingContext wire, Interaction interaction) {
    long began = System.nanoTime();
    traffic.began(interaction);
    wire.addEndHandler(
        end ->
            traffic.ended(
                interaction,
                end.succeeded() ? Ending.of(wire.response().getStatusCode()) : Ending.ABANDONED,
                Duration.ofNanos(System.nanoTime() - began)));
  }

  /** The address of the connection; what headers say of it is not read. */
  private static String clientOf(HttpServerRequest request) {
    return request.remoteAddress().hostAddress();
  }

  private void letIn(
      RoutingContext wire,
      String requestId,
      Traceparent trace,
      Optional<Caller> caller,
      Address address,
      List<X509Certificate> chain) {
    HttpServerRequest request = wire.request();
    if (!expectsRightly(request)) {
      refuse(wire, Fault.EXPECTATION);
      return;
    }
    String query = Optional.ofNullable(request.query()).orElse("");
    MultiMap headers = request.headers();
    Stay stay = stay(wire);
    Body.read(
        wire.vertx(),
        request,
        stay.room(),
        body ->
            admit(
                wire,
                new Admitted(
                    requestId,
                    trace,
                    clientOf(request),
                    caller,
                    address,
                    chain,
                    headers,
                    query.getBytes(StandardCharsets.US_ASCII),
                    body,
                    stay)),
        fault -> refuse(wire, fault));
  }

  private Stay stay(RoutingContext wire) {
    Stay stay = new Stay(gate.memory().open());
    Outflow.watch(wire, stay::leave);
    return stay;
  }

  /**
   * Lets it through the gate, which what is public does not pass. Its body has been read: a slow
   * one has no place, and a refusal leaves the connection in order, where the asker would otherwise
   * have to shake hands again.
   */
  private void admit(RoutingContext wire, Admitted admitted) {
    if (admitted.address().isPublic() || enter(admitted.caller(), admitted.stay())) {
      admitted.letIn(wire);
    } else {
      refuse(wire, Fault.OVERLOADED);
    }
  }

  private boolean enter(Optional<Caller> caller, Stay stay) {
    Whose whose = caller.map(Caller::whose).orElse(Whose.STRANGERS);
    Optional<Gate.Place> place = gate.enter(whose);
    place.ifPresentOrElse(stay::takes, () -> traffic.shed(whose.label()));
    return place.isPresent();
  }

  private static boolean expectsRightly(HttpServerRequest request) {
    String expected = request.getHeader("expect");
    if (expected == null) {
      return true;
    }
    if (!expected.equalsIgnoreCase("100-continue")) {
      return false;
    }
    request.response().writeContinue();
    return true;
  }

  private void refuseStranger(RoutingContext wire, String requestId, String route) {
    Stay stay = stay(wire);
    if (!enter(Optional.empty(), stay)) {
      refuse(wire, Fault.OVERLOADED);
      return;
    }
    Untrusted stranger = new Untrusted(Trust.Reason.NO_CERTIFICATE, Optional.empty());
    String client = clientOf(wire.request());
    // Audit waits for the disk, so it is done off the event loop.
    wire.vertx()
        .executeBlocking(
            () ->
                drain.during(
                    () ->
                        stay.during(
                            () -> refusals.get().refuse(stranger, requestId, client, route))),
            false)
        .onComplete(
            done -> {
              if (done.succeeded()) {
                Optional<Reply> reply = done.result().flatMap(Function.identity());
                write(wire, reply.orElseGet(() -> Refusals.of(Fault.STOPPING)), false);
              } else {
                failed(wire, done.cause());
              }
            });
  }

  /** What else goes wrong on the way: told in fixed words, logged without data. */
  public void failed(RoutingContext wire) {
    HttpServerRequest request = wire.request();
    Optional<Fault> fault = faultOf(request);
    if (fault.isPresent()) {
      // The router refuses a target that is no path before any route, and so the door, sees it.
      sign(
          request,
          request.response(),
          RequestId.of(request.getHeader("x-request-id")),
          follow(wire, Optional.empty()));
      wire.addEndHandler(_ -> HangUp.after(wire));
      refuse(wire, fault.get());
      return;
    }
    Throwable cause = wire.failure();
    switch (wire.statusCode()) {
      case 404 -> refuse(wire, Fault.UNKNOWN_ADDRESS);
      case 405 -> refuse(wire, Fault.METHOD);
      case 406 -> refuse(wire, Fault.NOT_ACCEPTABLE);
      case 413 -> refuse(wire, Fault.BODY_TOO_LARGE);
      case 415 -> refuse(wire, Fault.MEDIA_TYPE);
      case 400 -> refuse(wire, Fault.HTTP_MALFORMED);
      default ->
          failed(wire, cause == null ? new IllegalStateException("failed without cause") : cause);
    }
  }

  private static void failed(RoutingContext wire, Throwable cause) {
    refuse(wire, Failures.faultOf(cause, wire.response().headers()));
  }

  private static void refuse(RoutingContext wire, Fault fault) {
    write(wire, Refusals.of(fault), fault.closes());
  }

  private static void write(RoutingContext wire, Reply reply, boolean closes) {
    HttpServerRequest request = wire.request();
    HttpServerResponse response = request.response();
    if (response.ended() || response.closed() || response.headWritten()) {
      request.connection().close();
      return;
    }
    Buffer body = Buffer.buffer();
    reply
        .body()
        .slices()
        .forEach(slice -> body.appendBytes(slice.bytes(), slice.from(), slice.length()));
    reply.headers().forEach(response::putHeader);
    response.setStatusCode(reply.status()).putHeader("Content-Type", reply.contentType());
    // A body that nobody will read must not be taken for the next request.
    if (closes || !request.isEnded()) {
      response.putHeader("Connection", "close");
    }
    response.end(body);
  }
}
