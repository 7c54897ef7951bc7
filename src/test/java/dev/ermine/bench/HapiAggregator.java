package dev.ermine.bench;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.rest.api.SearchStyleEnum;
import ca.uhn.fhir.rest.client.api.IGenericClient;
import ca.uhn.fhir.rest.client.api.ServerValidationModeEnum;
import ca.uhn.fhir.rest.client.interceptor.BearerTokenAuthInterceptor;
import ca.uhn.fhir.rest.gclient.TokenClientParam;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import dev.ermine.sandbox.DevPki;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import org.apache.http.impl.client.HttpClients;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.Identifier;
import org.hl7.fhir.r4.model.Property;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Resource;

/**
 * What one would write with HAPI FHIR instead of the gateway, to compare with it: asks each region
 * on a thread of its own, parses, merges and encodes. Mutual TLS on both sides, and nothing else of
 * what the gateway does: no token is checked, no rule, no patient, nothing is audited or accounted
 * for.
 *
 * <p>A program of its own: {@code HapiAggregator PORT DIRECTORY-OF-CERTIFICATES REGION=BASE…}. A
 * request says how many of the regions it asks, from the first: {@code …/_search?first=8}.
 */
public final class HapiAggregator {

  private static final TokenClientParam PATIENT = new TokenClientParam("patient.identifier");

  private final FhirContext r4 = FhirContext.forR4();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Map<String, IGenericClient> regions = new LinkedHashMap<>();
  private final String base;

  private HapiAggregator(String base, SSLContext tls, Map<String, String> bases) {
    this.base = base;
    var http =
        HttpClients.custom().setSSLContext(tls).setMaxConnPerRoute(64).setMaxConnTotal(4_000);
    r4.getRestfulClientFactory().setHttpClient(http.build());
    r4.getRestfulClientFactory().setServerValidationMode(ServerValidationModeEnum.NEVER);
    bases.forEach((region, at) -> regions.put(region, client(at)));
  }

  private IGenericClient client(String at) {
    IGenericClient client = r4.newRestfulGenericClient(at);
    client.registerInterceptor(new BearerTokenAuthInterceptor(Hops.TOKEN));
    return client;
  }

  /** Serves until it is killed. */
  public static void main(String[] arguments) throws IOException {
    int port = Integer.parseInt(arguments[0]);
    DevPki pki = DevPki.in(Path.of(arguments[1]));
    var bases = new LinkedHashMap<String, String>();
    Arrays.stream(arguments)
        .skip(2)
        .map(argument -> argument.split("=", 2))
        .forEach(pair -> bases.put(pair[0], pair[1]));
    new HapiAggregator(
            "https://localhost:" + port + "/fhir", pki.tls("gateway-client", "london-ca"), bases)
        .serve(port, pki.tls("gateway-server", "hwe-ca"));
  }

  private void serve(int port, SSLContext tls) throws IOException {
    HttpsServer server = HttpsServer.create(new InetSocketAddress("localhost", port), 0);
    server.setHttpsConfigurator(
        new HttpsConfigurator(tls) {
          @Override
          public void configure(HttpsParameters parameters) {
            SSLParameters mutual = tls.getDefaultSSLParameters();
            mutual.setNeedClientAuth(true);
            parameters.setSSLParameters(mutual);
          }
        });
    server.setExecutor(threads);
    server.createContext("/fhir/", this::answer);
    server.start();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String type = exchange.getRequestURI().getPath().split("/", -1)[2];
      int first = Integer.parseInt(exchange.getRequestURI().getQuery().split("=", 2)[1]);
      String form = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      String patient = URLDecoder.decode(form.split("=", 2)[1], StandardCharsets.UTF_8);
      byte[] body =
          r4.newJsonParser()
              .encodeResourceToString(merged(type, patient, first))
              .getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", "application/fhir+json");
      exchange.sendResponseHeaders(200, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  private Bundle merged(String type, String patient, int first) {
    var asked = new LinkedHashMap<String, CompletableFuture<Bundle>>();
    regions.entrySet().stream()
        .limit(first)
        .forEach(
            region ->
                asked.put(
                    region.getKey(),
                    CompletableFuture.supplyAsync(
                        () -> searched(region.getValue(), type, patient), threads)));
    Bundle merged = new Bundle().setType(Bundle.BundleType.SEARCHSET);
    Set<String> seen = new HashSet<>();
    asked.forEach((region, answer) -> merge(region, answer.join(), seen, merged));
    return merged.setTotal(merged.getEntry().size());
  }

  private static Bundle searched(IGenericClient client, String type, String patient) {
    String[] parts = patient.split("\\|", 2);
    return client
        .search()
        .forResource(type)
        .where(PATIENT.exactly().systemAndIdentifier(parts[0], parts[1]))
        .usingStyle(SearchStyleEnum.POST)
        .returnBundle(Bundle.class)
        .execute();
  }

  private void merge(String region, Bundle answer, Set<String> seen, Bundle merged) {
    for (Bundle.BundleEntryComponent entry : answer.getEntry()) {
      Resource resource = entry.getResource();
      boolean restricted =
          resource.getMeta().getSecurity().stream().anyMatch(label -> "R".equals(label.getCode()));
      if (!restricted && seen.add(firstIdentifier(resource))) {
        place(region, resource);
        merged
            .addEntry()
            .setFullUrl(
                base + "/" + resource.fhirType() + "/" + resource.getIdElement().getIdPart())
            .setResource(resource)
            .getSearch()
            .setMode(Bundle.SearchEntryMode.MATCH);
      }
    }
  }

  private static String firstIdentifier(Resource resource) {
    Property identifiers = resource.getNamedProperty("identifier");
    if (identifiers == null || !identifiers.hasValues()) {
      return resource.getId();
    }
    Identifier first = (Identifier) identifiers.getValues().getFirst();
    return resource.fhirType() + " " + first.getSystem() + "|" + first.getValue();
  }

  /** Ids of all regions are in one space now, so each says whose it is. */
  private void place(String region, Resource resource) {
    List<Reference> references =
        r4.newTerser().getAllPopulatedChildElementsOfType(resource, Reference.class);
    for (Reference reference : references) {
      String[] to = String.valueOf(reference.getReference()).split("/", -1);
      if (to.length == 2) {
        reference.setReference(to[0] + "/" + region + "." + to[1]);
      }
    }
    resource.setId(region + "." + resource.getIdElement().getIdPart());
  }
}
