package dev.ermine.bench;

import dev.ermine.sandbox.DevPki;
import dev.ermine.testing.Asker;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.PemTrustOptions;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Searches for the one patient at several addresses at once, over mutual TLS; it ends with the last
 * of them, and is whole where each answered 200.
 */
final class Hops implements Query {

  /** As long as those are that the gateway sends to regions. */
  static final String TOKEN = "t".repeat(1_300);

  private static final int CONNECTIONS = 256; // to each address
  private static final Buffer FORM =
      Buffer.buffer(
          Asker.encode(Map.of("patient.identifier", Asker.NHS_NUMBER + HeldRecord.PATIENT)));

  private final Context context;
  private final HttpClient client;
  private final List<Address> addresses;

  /**
   * Where one of the searches goes.
   *
   * @param path that of the search: {@code /fhir/Observation/_search}
   */
  record Address(int port, String path) {

    static Address of(int port, String type) {
      return new Address(port, "/fhir/" + type + "/_search");
    }
  }

  private Hops(Context context, HttpClient client, List<Address> addresses) {
    this.context = context;
    this.client = client;
    this.addresses = addresses;
  }

  /**
   * As {@code identity}, whose name is that of a certificate, to those who show one that {@code ca}
   * issued.
   */
  static Hops of(Vertx vertx, DevPki pki, String identity, String ca, List<Address> addresses) {
    var options =
        new HttpClientOptions()
            .setSsl(true)
            .setKeyCertOptions(StandIns.pair(pki, identity))
            .setTrustOptions(new PemTrustOptions().addCertPath(pki.file(ca + ".crt").toString()))
            .setDefaultHost("localhost")
            .setKeepAliveTimeout(25);
    HttpClient client =
        vertx.createHttpClient(options, new PoolOptions().setHttp1MaxSize(CONNECTIONS));
    return new Hops(vertx.getOrCreateContext(), client, List.copyOf(addresses));
  }

  @Override
  public void ask(long due, Consumer<Heard> then) {
    context.runOnContext(
        _ -> {
          long sent = System.nanoTime();
          Future.join(addresses.stream().map(this::status).toList())
              .onSuccess(all -> then.accept(heard(all.list(), due, sent)))
              .onFailure(
                  lost -> then.accept(Heard.nothing("", due, sent, lost.getClass().getName())));
        });
  }

  private Future<Integer> status(Address address) {
    var options =
        new RequestOptions()
            .setMethod(HttpMethod.POST)
            .setPort(address.port())
            .setURI(address.path())
            .putHeader("authorization", "Bearer " + TOKEN)
            .putHeader("content-type", "application/x-www-form-urlencoded");
    return client.request(options).compose(request -> request.send(FORM)).compose(Hops::read);
  }

  /** Reads on to the end, and keeps nothing of it. */
  private static Future<Integer> read(HttpClientResponse response) {
    response.handler(_ -> {});
    return response.end().map(_ -> response.statusCode());
  }

  private static Heard heard(List<Integer> statuses, long due, long sent) {
    int worst = statuses.stream().mapToInt(Integer::intValue).max().orElseThrow();
    return new Heard("", "", due, sent, System.nanoTime(), worst, worst == 200, "");
  }
}
