package dev.ermine.app.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ermine.app.command.Exchange.Failed;
import dev.ermine.fhir.Slice;
import dev.ermine.region.Region;
import dev.ermine.region.RegionId;
import dev.ermine.trust.GatewayIdentity;
import dev.ermine.trust.GrantedToken;
import dev.ermine.trust.ShownIdentity;
import dev.ermine.trust.StrictJson;
import dev.ermine.trust.TlsTerms;
import dev.ermine.trust.TrialTokens;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.TrustManagerFactory;

/**
 * The trial of one region's addresses, as the gateway would come to them. Nothing of a patient is
 * sent, and nothing but what the file names is asked.
 */
final class PeerTrial {

  private static final Duration NOTICE = Duration.ofDays(90);

  /** Ten digits with a wrong check digit. */
  private static final String NOBODYS = "9000000000";

  private final Optional<GatewayIdentity> shown;
  private final Optional<TrialTokens> tokens;
  private final Duration patience;
  private final InstantSource clock;

  /**
   * @param shown our client certificate, where it is tried with one
   * @param patience how long each exchange may take
   */
  PeerTrial(
      Optional<GatewayIdentity> shown,
      Optional<TrialTokens> tokens,
      Duration patience,
      InstantSource clock) {
    this.shown = shown;
    this.tokens = tokens;
    this.patience = patience;
    this.clock = clock;
  }

  /**
   * What a trial came to.
   *
   * @param wrong the first thing that is, in a sentence with what to do
   * @param untried what was not tried, and why
   */
  record Result(Region region, Optional<String> wrong, List<String> untried) {}

  Result of(Region region) {
    List<String> untried = new ArrayList<>();
    try {
      Optional<String> wrong = Optional.empty();
      if (region.answers().isPresent()) {
        Region.Answers answers = region.answers().get();
        wrong =
            region.id().equals(RegionId.DEMOGRAPHICS)
                ? nobody(answers, untried)
                : metadata(answers, untried);
      }
      return new Result(region, wrong.isPresent() ? wrong : jwks(region), untried);
    } catch (Failed failed) {
      return new Result(region, Optional.of(failed.sentence()), untried);
    }
  }

  private Optional<String> metadata(Region.Answers answers, List<String> untried) throws Failed {
    Optional<String> token = bearer(answers.token(), untried);
    HttpResponse<byte[]> response = ask(answers, "/metadata", token);
    return ofStatus(response.statusCode(), token.isPresent(), "`metadata`")
        .or(() -> ofStatement(answers, response.body()))
        .or(() -> response.sslSession().flatMap(this::ofExpiry));
  }

  /** Demographics have no `metadata`: they are asked for a number that nobody has. */
  private Optional<String> nobody(Region.Answers answers, List<String> untried) throws Failed {
    Optional<String> token = bearer(answers.token(), untried);
    HttpResponse<byte[]> response = ask(answers, "/Patient/" + NOBODYS, token);
    boolean refused =
        Set.of(400, 404).contains(response.statusCode())
            && isResource("OperationOutcome", response.body());
    return refused
        ? response.sslSession().flatMap(this::ofExpiry)
        : ofStatus(response.statusCode(), token.isPresent(), "`Patient`")
            .or(
                () ->
                    Optional.of(
                        "answers about a number that is no NHS number; correct the address"));
  }

  private HttpResponse<byte[]> ask(Region.Answers answers, String path, Optional<String> token)
      throws Failed {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(answers.base() + path))
            .header("Accept", "application/fhir+json")
            .header("X-Request-ID", UUID.randomUUID().toString());
    token.ifPresent(text -> request.header("Authorization", "Bearer " + text));
    return exchange(answers.anchors(), request.build());
  }

  private static boolean isResource(String type, byte[] body) {
    return StrictJson.object(body)
        .filter(it -> it.path("resourceType").asText().equals(type))
        .isPresent();
  }

  private Optional<String> bearer(Region.Token demanded, List<String> untried) throws Failed {
    if (shown.isEmpty()) {
      untried.add("our client certificate: give `--client-certificate` and `--client-key`");
    }
    if (tokens.isEmpty() || shown.isEmpty()) {
      untried.add("a token: give `--signing-key` and `--base-url`, and our client certificate");
      return Optional.empty();
    }
    X509Certificate own = shown.get().certificate();
    Optional<String> token =
        demanded.endpoint().isPresent()
            ? granted(
                demanded.endpoint().get(),
                tokens.get().assertion(demanded, demanded.endpoint().get(), own))
            : tokens.get().bearer(demanded, own);
    if (token.isEmpty()) {
      untried.add("a token: no key of ours signs `" + demanded.algorithm() + "`");
    }
    return token;
  }

  /** What the region's token endpoint gives for our assertion. */
  private Optional<String> granted(Region.Token.Endpoint endpoint, Optional<String> assertion)
      throws Failed {
    if (assertion.isEmpty()) {
      return Optional.empty();
    }
    String form =
        "grant_type=client_credentials&scope="
            + URLEncoder.encode(String.join(" ", endpoint.scopes()), StandardCharsets.UTF_8)
            + "&client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer"
            + "&client_assertion="
            + assertion.get();
    HttpRequest request =
        HttpRequest.newBuilder(endpoint.url())
            .header("Content-Type", "application/x-www-form-urlencoded")
            .header("Accept", "application/json")
            .POST(BodyPublishers.ofString(form))
            .build();
    HttpResponse<byte[]> response = exchange("its token endpoint", endpoint.anchors(), request);
    Optional<GrantedToken> token =
        response.statusCode() == 200
            ? GrantedToken.read(new Slice(response.body(), 0, response.body().length))
            : Optional.empty();
    return Optional.of(
        token
            .map(GrantedToken::text)
            .orElseThrow(
                () ->
                    new Failed(
                        "gives no access token at its token endpoint (%d); compare `client-id`, scopes and keys"
                            .formatted(response.statusCode()))));
  }

  private static Optional<String> ofStatus(int status, boolean withToken, String what) {
    if (status == 401 || status == 403) {
      return Optional.of(
          withToken
              ? "refuses our token at %s with %d; have its operators compare keys, issuer and audience"
                  .formatted(what, status)
              : "wants a token at %s (%d), and none was tried; give `--signing-key`"
                  .formatted(what, status));
    } else if (status >= 300 && status < 400) {
      return Optional.of(
          "redirects %s (%d), which is never followed; correct the address"
              .formatted(what, status));
    }
    return status == 200
        ? Optional.empty()
        : Optional.of(
            "answers %s with %d; correct the address, or ask its operators"
                .formatted(what, status));
  }

  private static Optional<String> ofStatement(Region.Answers answers, byte[] body) {
    Optional<JsonNode> statement =
        StrictJson.object(body)
            .filter(it -> it.path("resourceType").asText().equals("CapabilityStatement"));
    if (statement.isEmpty()) {
      return Optional.of(
          "answers `metadata` with something that is no CapabilityStatement in JSON; correct the"
              + " address");
    }
    String version = statement.get().path("fhirVersion").asText();
    if (!version.startsWith("4.0")) {
      return Optional.of(
          "speaks another FHIR than R4 (%s); ask for its address of R4"
              .formatted(
                  version.matches("[0-9A-Za-z.-]{1,12}") ? version : "it does not say which"));
    }
    Set<String> missing = new TreeSet<>(answers.types());
    missing.remove("Binary"); // never searched
    for (JsonNode rest : statement.get().path("rest")) {
      for (JsonNode resource : rest.path("resource")) {
        if (isSearched(resource)) {
          missing.remove(resource.path("type").asText());
        }
      }
    }
    return missing.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "says that it cannot search %s; take them out of `types`, or ask its operators"
                .formatted(String.join(", ", missing)));
  }

  /** What says nothing of its interactions is given the benefit of the doubt. */
  private static boolean isSearched(JsonNode resource) {
    JsonNode interactions = resource.path("interaction");
    return interactions.isEmpty()
        || interactions
            .valueStream()
            .anyMatch(each -> each.path("code").asText().equals("search-type"));
  }

  private Optional<String> ofExpiry(SSLSession session) {
    try {
      Instant ends = ((X509Certificate) session.getPeerCertificates()[0]).getNotAfter().toInstant();
      return ends.isBefore(clock.instant().plus(NOTICE))
          ? Optional.of(
              "works, but its certificate expires at " + ends + "; have it renewed before")
          : Optional.empty();
    } catch (SSLPeerUnverifiedException e) {
      throw new IllegalStateException("a server that answered by TLS has a certificate", e);
    }
  }

  private Optional<String> jwks(Region region) throws Failed {
    Optional<Region.Published> published = region.asks().flatMap(Region.Asks::published);
    if (published.isEmpty()) {
      return Optional.empty();
    }
    HttpRequest request =
        HttpRequest.newBuilder(published.get().url())
            .header("Accept", "application/jwk-set+json, application/json")
            .build();
    HttpResponse<byte[]> response =
        exchange("its JWKS address", published.get().anchors(), request);
    boolean keys =
        response.statusCode() == 200
            && StrictJson.object(response.body())
                .filter(it -> it.path("keys").isArray() && !it.path("keys").isEmpty())
                .isPresent();
    return keys
        ? Optional.empty()
        : Optional.of(
            "publishes no keys at its JWKS address (%d); correct the address"
                .formatted(response.statusCode()));
  }

  private HttpResponse<byte[]> exchange(
      String place, List<X509Certificate> anchors, HttpRequest request) throws Failed {
    try {
      return exchange(anchors, request);
    } catch (Failed failed) {
      throw failed.at(place);
    }
  }

  private HttpResponse<byte[]> exchange(List<X509Certificate> anchors, HttpRequest request)
      throws Failed {
    SSLParameters terms = new SSLParameters();
    terms.setProtocols(TlsTerms.PROTOCOLS.toArray(String[]::new));
    terms.setCipherSuites(TlsTerms.SUITES.toArray(String[]::new));
    HttpClient http =
        HttpClient.newBuilder()
            .sslContext(tls(anchors))
            .sslParameters(terms)
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(patience)
            .build();
    try {
      return new Exchange(http, patience).send(request);
    } finally {
      http.shutdownNow();
    }
  }

  private SSLContext tls(List<X509Certificate> anchors) {
    try {
      KeyStore trusted = KeyStore.getInstance("PKCS12");
      trusted.load(null, null);
      for (X509Certificate anchor : anchors) {
        trusted.setCertificateEntry("anchor-" + trusted.size(), anchor);
      }
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(trusted);
      KeyManager[] own =
          shown
              .map(identity -> new KeyManager[] {new ShownIdentity(() -> identity)})
              .orElseGet(() -> new KeyManager[0]);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(own, trust.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("every Java platform has TLS", e);
    }
  }
}
