package dev.ermine.trace;

import dev.ermine.federation.Traceparent;
import dev.ermine.region.RegionId;
import io.opentelemetry.api.GlobalOpenTelemetry;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import java.util.Optional;
import java.util.Set;

/**
 * The spans there are: a request, under it each region asked, under that each exchange with it.
 * Here and in {@link Span} stands all that is ever said in one: templates, codes, and ids of
 * regions, never a word of an asker's or a peer's.
 *
 * <p>Whoever begins a span hands on its {@linkplain Span#trace place}: threads carry nothing.
 *
 * @see <a href="https://opentelemetry.io/docs/specs/semconv/http/http-spans/">OpenTelemetry:
 *     semantic conventions for HTTP spans</a>
 */
public final class Spans {

  private static final Set<String> METHODS =
      Set.of("GET", "POST", "HEAD", "OPTIONS", "PUT", "PATCH", "DELETE", "TRACE", "CONNECT");

  private final Tracer tracer;

  Spans(OpenTelemetry telemetry) {
    this.tracer = telemetry.getTracer("dev.ermine");
  }

  /** Spans that OpenTelemetry's Java agent records, where this process has it. */
  public static Spans ofThisProcess() {
    return new Spans(GlobalOpenTelemetry.get());
  }

  /**
   * A request that has come in.
   *
   * @param asker the place that it came from
   * @param route its route's template, or that it has none
   */
  public Span request(Optional<Traceparent> asker, String method, String route) {
    SpanBuilder builder =
        tracer
            .spanBuilder(route)
            .setSpanKind(SpanKind.SERVER)
            .setAttribute("http.route", route)
            .setAttribute("http.request.method", known(method));
    return begin(builder, asker, Span.SERVER_ERRORS);
  }

  /** A region that is asked. */
  public Span region(Traceparent request, RegionId region) {
    SpanBuilder builder =
        tracer
            .spanBuilder("ask " + region)
            .setSpanKind(SpanKind.INTERNAL)
            .setAttribute("ermine.region", region.value());
    return begin(builder, Optional.of(request), Span.ALL_ERRORS);
  }

  /** One HTTP request to a region. */
  public Span exchange(Traceparent asked, RegionId region, String method) {
    SpanBuilder builder =
        tracer
            .spanBuilder(known(method))
            .setSpanKind(SpanKind.CLIENT)
            .setAttribute("ermine.region", region.value())
            .setAttribute("http.request.method", known(method));
    return begin(builder, Optional.of(asked), Span.ALL_ERRORS);
  }

  private static String known(String method) {
    return METHODS.contains(method) ? method : "_OTHER";
  }

  private static Span begin(SpanBuilder builder, Optional<Traceparent> parent, int errorsFrom) {
    builder.setParent(parent.map(Spans::context).orElseGet(Context::root));
    io.opentelemetry.api.trace.Span recorded = builder.startSpan();
    return new Span(recorded, place(recorded.getSpanContext(), parent), errorsFrom);
  }

  private static Context context(Traceparent parent) {
    SpanContext place =
        SpanContext.createFromRemoteParent(
            parent.traceId(),
            parent.parentId(),
            parent.sampled() ? TraceFlags.getSampled() : TraceFlags.getDefault(),
            TraceState.getDefault());
    return Context.root().with(io.opentelemetry.api.trace.Span.wrap(place));
  }

  /** The place that the agent gave; without an agent a span's place is its parent's, or none. */
  private static Traceparent place(SpanContext own, Optional<Traceparent> parent) {
    boolean given =
        own.isValid() && parent.filter(p -> p.parentId().equals(own.getSpanId())).isEmpty();
    return given
        ? new Traceparent(
            own.getTraceId(),
            own.getSpanId(),
            own.isSampled(),
            parent.map(Traceparent::random).orElse(true))
        : parent.map(Traceparent::next).orElseGet(Traceparent::fresh);
  }
}
