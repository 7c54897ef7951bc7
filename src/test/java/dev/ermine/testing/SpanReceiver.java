package dev.ermine.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Somebody's collector of spans, that takes whatever is sent to it in OTLP over HTTP.
 *
 * @see <a href="https://opentelemetry.io/docs/specs/otlp/#otlphttp">OpenTelemetry: OTLP/HTTP</a>
 */
public final class SpanReceiver implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final HttpServer server;
  private final List<byte[]> received = new CopyOnWriteArrayList<>();
  private final List<String> paths = new CopyOnWriteArrayList<>();

  /** A collector on a free port. */
  public SpanReceiver() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::receive);
    server.start();
  }

  private void receive(HttpExchange exchange) throws IOException {
    try (exchange) {
      paths.add(exchange.getRequestURI().getPath());
      received.add(exchange.getRequestBody().readAllBytes());
      exchange.sendResponseHeaders(200, -1);
    }
  }

  /** Where it listens. */
  public URI endpoint() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  /** Where anything was sent to. */
  public List<String> paths() {
    return paths;
  }

  /** All that was sent, as text: bytes that are none are kept as they are. */
  public String text() {
    StringBuilder text = new StringBuilder();
    received.forEach(bytes -> text.append(new String(bytes, StandardCharsets.ISO_8859_1)));
    return text.toString();
  }

  /** What is said of the processes that sent. */
  public Stream<Resource> resources() {
    return requests()
        .flatMap(request -> request.getResourceSpansList().stream())
        .map(spans -> spans.getResource());
  }

  /** Every span so far. */
  public Stream<Span> spans() {
    return requests()
        .flatMap(request -> request.getResourceSpansList().stream())
        .flatMap(spans -> spans.getScopeSpansList().stream())
        .flatMap(spans -> spans.getSpansList().stream());
  }

  private Stream<ExportTraceServiceRequest> requests() {
    return received.stream().map(SpanReceiver::read);
  }

  private static ExportTraceServiceRequest read(byte[] bytes) {
    try {
      return ExportTraceServiceRequest.parseFrom(bytes);
    } catch (InvalidProtocolBufferException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The spans of a trace, once they are as expected. */
  public List<Span> await(String traceId, Predicate<List<Span>> expected) {
    Instant end = Instant.now().plus(PATIENCE);
    List<Span> spans = of(traceId);
    while (!expected.test(spans) && Instant.now().isBefore(end)) {
      try {
        Thread.sleep(50);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted while waiting for spans", e);
      }
      spans = of(traceId);
    }
    assertThat(expected.test(spans)).as("spans as expected, and not %s", spans).isTrue();
    return spans;
  }

  private List<Span> of(String traceId) {
    return spans().filter(span -> hex(span.getTraceId()).equals(traceId)).toList();
  }

  /** An id as {@code traceparent} writes it; empty where there is none. */
  public static String hex(ByteString id) {
    return HexFormat.of().formatHex(id.toByteArray());
  }

  /** A span's attributes, as text. */
  public static Map<String, String> attributes(Span span) {
    Map<String, String> attributes = new TreeMap<>();
    span.getAttributesList().forEach(each -> attributes.put(each.getKey(), valueOf(each)));
    return attributes;
  }

  private static String valueOf(KeyValue attribute) {
    return attribute.getValue().hasIntValue()
        ? Long.toString(attribute.getValue().getIntValue())
        : attribute.getValue().getStringValue();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
