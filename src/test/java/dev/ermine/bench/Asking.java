package dev.ermine.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.nimbusds.jose.JWSAlgorithm;
import dev.ermine.sandbox.DevPki;
import dev.ermine.testing.Asker;
import dev.ermine.testing.GatewayProcess;
import dev.ermine.testing.TestTokens;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.PemTrustOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A region that asks the gateway much: over so many connections that are kept alive, with its
 * certificate and an access token that serves many queries.
 */
final class Asking {

  private static final String FORM = "application/x-www-form-urlencoded";
  private static final Duration PATIENCE = Duration.ofMinutes(1); // longer than any deadline
  private static final Duration TOKEN = Duration.ofSeconds(200); // of the 300 that it is good for

  private final String region;
  private final GatewayProcess gateway;
  private final DevPki pki;
  private final Context context;
  private final HttpClient client;

  private volatile String token = "";
  private volatile Instant renewed = Instant.MIN;

  /**
   * What is asked about the one patient.
   *
   * @param regions as {@code Ermine-Regions} lists them
   */
  record Question(List<String> types, String regions) {

    private Buffer form() {
      return Buffer.buffer(
          Asker.encode(
              Map.of(
                  "_type",
                  String.join(",", types),
                  "patient.identifier",
                  Asker.NHS_NUMBER + HeldRecord.PATIENT)));
    }
  }

  private Asking(
      String region, GatewayProcess gateway, DevPki pki, Context context, HttpClient client) {
    this.region = region;
    this.gateway = gateway;
    this.pki = pki;
    this.context = context;
    this.client = client;
  }

  /** As {@code region}, over {@code connections} at most. */
  static Asking of(
      String region, GatewayProcess gateway, DevPki pki, Vertx vertx, int connections) {
    var options =
        new HttpClientOptions()
            .setSsl(true)
            .setKeyCertOptions(StandIns.pair(pki, region + "-client"))
            .setTrustOptions(
                new PemTrustOptions().addCertPath(pki.file("gateway-ca.crt").toString()))
            .setSslHandshakeTimeout(PATIENCE.toSeconds())
            .setSslHandshakeTimeoutUnit(TimeUnit.SECONDS)
            .setDefaultHost("localhost")
            .setDefaultPort(gateway.base().getPort())
            .setKeepAliveTimeout(25); // the gateway hangs up after 30 s
    HttpClient client =
        vertx.createHttpClient(options, new PoolOptions().setHttp1MaxSize(connections));
    return new Asking(region, gateway, pki, vertx.getOrCreateContext(), client);
  }

  /** Gets a token unless it has one that will serve for minutes; not while load is on. */
  void prepare() {
    if (Instant.now().isAfter(renewed.plus(TOKEN))) {
      token = newToken();
      renewed = Instant.now();
    }
  }

  /** One question, to be asked again and again. */
  Query query(Question question) {
    return new Query() {
      @Override
      public void prepare() {
        Asking.this.prepare();
      }

      @Override
      public void ask(long due, Consumer<Heard> then) {
        Asking.this.ask(question, due, then);
      }
    };
  }

  /**
   * Asks once.
   *
   * @param due when it should have been asked, in nanoseconds of {@link System#nanoTime}
   * @param then told of the end, whatever it is
   */
  void ask(Question question, long due, Consumer<Heard> then) {
    String trace = newTrace();
    context.runOnContext(
        _ -> {
          long sent = System.nanoTime();
          client
              .request(options(question, trace))
              .compose(request -> send(request, question))
              .compose(response -> heard(response, trace, due, sent))
              .onSuccess(then::accept)
              .onFailure(
                  lost -> then.accept(Heard.nothing(trace, due, sent, lost.getClass().getName())));
        });
  }

  /**
   * Asks once, with a deadline, and keeps what is told; the future fails where nothing whole was.
   */
  CompletableFuture<DatedAnswer.Told> ask(Question question, Duration deadline) {
    var told = new CompletableFuture<DatedAnswer.Told>();
    long began = System.nanoTime();
    context.runOnContext(
        _ ->
            client
                .request(
                    options(question, newTrace())
                        .putHeader("ermine-deadline", String.valueOf(deadline.toMillis())))
                .compose(request -> send(request, question))
                .compose(response -> response.body().map(body -> told(response, body, began)))
                .onSuccess(told::complete)
                .onFailure(told::completeExceptionally));
    return told;
  }

  private static DatedAnswer.Told told(HttpClientResponse response, Buffer body, long began) {
    return new DatedAnswer.Told(
        (System.nanoTime() - began) / 1e6,
        response.statusCode(),
        Optional.ofNullable(response.getHeader("ermine-account")).orElse(""),
        body);
  }

  /** Ends its connections. */
  void close() {
    Waiting.on(client.close());
  }

  private RequestOptions options(Question question, String trace) {
    return new RequestOptions()
        .setMethod(HttpMethod.POST)
        .setURI("/fhir/_search")
        .setTimeout(PATIENCE.toMillis())
        .putHeader("authorization", "Bearer " + token)
        .putHeader("content-type", FORM)
        .putHeader("ermine-regions", question.regions())
        .putHeader("traceparent", "00-" + trace + "-" + trace.substring(16) + "-00");
  }

  private static io.vertx.core.Future<HttpClientResponse> send(
      HttpClientRequest request, Question question) {
    return request.send(question.form());
  }

  /** Reads on to the end, and keeps nothing of it. */
  private static io.vertx.core.Future<Heard> heard(
      HttpClientResponse response, String trace, long due, long sent) {
    String account = response.getHeader("ermine-account");
    boolean whole = account != null && account.endsWith("all-answered");
    response.handler(_ -> {});
    String id = Optional.ofNullable(response.getHeader("x-request-id")).orElse("");
    return response
        .end()
        .map(_ -> "")
        .otherwise(lost -> lost.getClass().getName())
        .map(
            lost ->
                new Heard(
                    trace, id, due, sent, System.nanoTime(), response.statusCode(), whole, lost));
  }

  private static String newTrace() {
    byte[] bytes = new byte[16];
    ThreadLocalRandom.current().nextBytes(bytes);
    bytes[15] |= 1; // never all zeros
    return HexFormat.of().formatHex(bytes);
  }

  private String newToken() {
    HttpResponse<byte[]> response =
        gateway
            .asker(region)
            .send(
                HttpRequest.newBuilder(gateway.base().resolve("/oauth2/token"))
                    .header("Content-Type", FORM)
                    .POST(BodyPublishers.ofString(Asker.encode(grant()))));
    if (response.statusCode() == 503) {
      // What was asked before may still be under way: the gateway says when to come again.
      Waiting.forMillis(1_000);
      return newToken();
    }
    if (response.statusCode() != 200) {
      throw new IllegalStateException(
          "the gateway gave no token to `"
              + region
              + "`: "
              + new String(response.body(), StandardCharsets.UTF_8));
    }
    try {
      return new ObjectMapper().readTree(response.body()).get("access_token").asText();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Map<String, String> grant() {
    String issuer = "https://" + region + ".example.nhs.uk";
    String assertion =
        TestTokens.token(
                issuer,
                gateway.base() + "/oauth2/token",
                pki.certificate(region + "-client"),
                Instant.now())
            .with("sub", issuer)
            .without("patient")
            .at(Instant.now(), Duration.ofMinutes(1))
            .sign(pki.signingKey(region, JWSAlgorithm.ES256));
    var form = new LinkedHashMap<String, String>();
    form.put("grant_type", "client_credentials");
    form.put("scope", "system/*.rs");
    form.put("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
    form.put("client_assertion", assertion);
    return form;
  }
}
