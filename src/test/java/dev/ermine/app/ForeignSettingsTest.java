package dev.ermine.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ForeignSettingsTest {

  @DisplayName("D9: no setting of the framework's own TLS widens or seems to narrow ours")
  @ParameterizedTest
  @CsvSource({
    "quarkus.tls.certificate-revocation-list, revoked.crl",
    "quarkus.tls.peers.trust-all, true",
    "quarkus.tls.trust-store.pem.certs, ca.crt",
    "quarkus.http.ssl.client-auth, none",
    "quarkus.http.ssl.certificate.trust-store-file, ca.p12",
    "quarkus.http.ssl.protocols, TLSv1.1",
    "quarkus.http.tls-configuration-name, peers",
  })
  void refusesTlsThatIsNotOurs(String name, String value) {
    assertThat(ForeignSettings.faults(with(name, value)))
        .singleElement()
        .asString()
        .startsWith(name + ": has no say")
        .contains("`ermine.server-certificate`", "revoke one, in `ermine.regions`");
  }

  @ParameterizedTest
  @CsvSource({
    "quarkus.http.insecure-requests, enabled",
    "quarkus.http.insecure-requests, redirect",
    "quarkus.http.domain-socket-enabled, true",
    "quarkus.http.proxy.proxy-address-forwarding, true",
    "quarkus.http.proxy.trusted-proxies, 10.0.0.1",
    "quarkus.http.auth.permission.a.paths, /fhir",
    "quarkus.http.access-log.enabled, true",
    "javax.net.debug, all",
  })
  void refusesWhatWouldWeaken(String name, String value) {
    assertThat(ForeignSettings.faults(with(name, value)))
        .singleElement()
        .asString()
        .startsWith(name + ": ");
  }

  @ParameterizedTest
  @CsvSource({
    "quarkus.http.insecure-requests, disabled",
    "quarkus.http.ssl-port, 8443",
    "quarkus.http.limits.max-connections, 9",
    "quarkus.http.proxy.use-proxy-protocol, true",
    "quarkus.http.access-log.enabled, false",
    "quarkus.management.port, 9000",
  })
  void letsOperatorsSetWhatIsTheirs(String name, String value) {
    assertThat(ForeignSettings.faults(with(name, value))).isEmpty();
  }

  @Test
  void readsTheEnvironment() {
    var environment =
        new EnvConfigSource(
            Map.of("QUARKUS_TLS_TRUST_ALL", "true", "QUARKUS_HTTP_SSL_PORT", "8443"), 300);
    SmallRyeConfig settings = new SmallRyeConfigBuilder().withSources(environment).build();
    assertThat(ForeignSettings.faults(settings))
        .isNotEmpty()
        .allMatch(fault -> fault.matches("(?i)quarkus.tls.trust.all: has no say.*"));
  }

  @Test
  void mindsNotWhatTheBuildHasFixedButWhoSetsItAgain() {
    var fixed =
        new PropertiesConfigSource(
            Map.of("quarkus.http.ssl.client-auth", "NONE"), "fixed", Integer.MAX_VALUE);
    assertThat(ForeignSettings.faults(new SmallRyeConfigBuilder().withSources(fixed).build()))
        .isEmpty();
    var again =
        new PropertiesConfigSource(
            Map.of("quarkus.http.ssl.client-auth", "required"), "operator", 400);
    assertThat(
            ForeignSettings.faults(new SmallRyeConfigBuilder().withSources(fixed, again).build()))
        .hasSize(1);
  }

  private static SmallRyeConfig with(String name, String value) {
    return new SmallRyeConfigBuilder()
        .withSources(new PropertiesConfigSource(Map.of(name, value), "operator", 400))
        .build();
  }
}
