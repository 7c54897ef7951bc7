package dev.ermine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ermine.region.Reading;
import dev.ermine.region.Region;
import dev.ermine.testing.Deployment;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyEgressRule;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyIngressRule;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeer;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPort;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.FieldSource;

/** Who may reach whom by the manifests of {@code k8s}: nobody anyone, but as it stands here. */
class KubernetesNetworkTest {

  /** The label of a policy that is one region's, with its id. */
  private static final String REGION = "ermine.dev/region";

  private static final LabelSelector EVERY_POD = new LabelSelector();

  @TempDir static Path project;

  static List<Deployment> all;

  private static Deployment local;
  private static Deployment production;

  @BeforeAll
  static void build() {
    Deployment.copyProject(project);
    local = Deployment.of(project, "overlays/local");
    production = Deployment.of(project, "overlays/production");
    all = List.of(Deployment.of(project, "base"), local, production);
  }

  @Nested
  @ParameterizedClass
  @FieldSource("dev.ermine.KubernetesNetworkTest#all")
  class Each {

    @Parameter Deployment it;

    @Test
    void isReachedByServicesAloneWhichLeadToItsPods() {
      assertThat(it.manifests().all())
          .extracting(object -> object.getKind())
          .doesNotContain("Ingress", "Route", "Gateway", "HTTPRoute");
      assertThat(it.manifests().all(Service.class))
          .hasSize(2)
          .allSatisfy(
              service -> {
                assertThat(service.getSpec().getSelector())
                    .isEqualTo(it.template().getMetadata().getLabels());
                assertThat(targets(service)).isSubsetOf(8443, 9000);
              });
    }

    @Test
    void showsTheManagementPortToNobodyOutside() {
      assertThat(it.manifests().all(Service.class))
          .filteredOn(service -> targets(service).contains(it.port("management")))
          .singleElement()
          .satisfies(service -> assertThat(service.getSpec().getClusterIP()).isEqualTo("None"));
    }

    @Test
    void deniesWhatNoPolicyAllows() {
      assertThat(policies(it))
          .filteredOn(policy -> policy.getSpec().getPodSelector().equals(EVERY_POD))
          .singleElement()
          .extracting(NetworkPolicy::getSpec)
          .satisfies(
              deny -> {
                assertThat(deny.getPolicyTypes()).containsExactly("Ingress", "Egress");
                assertThat(deny.getIngress()).isEmpty();
                assertThat(deny.getEgress()).isEmpty();
              });
    }

    @Test
    void allowsNothingToOtherPods() {
      assertThat(policies(it))
          .filteredOn(policy -> !policy.getSpec().getPodSelector().equals(EVERY_POD))
          .isNotEmpty()
          .extracting(policy -> policy.getSpec().getPodSelector().getMatchLabels())
          .containsOnly(it.template().getMetadata().getLabels());
    }

    /** A rule without peers is for all peers, and one without ports for all ports. */
    @Test
    void namesBothEndsOfAllThatMayPass() {
      assertThat(ingress(policies(it)))
          .isNotEmpty()
          .allSatisfy(rule -> isNarrow(rule.getFrom(), rule.getPorts()));
      assertThat(egress(policies(it)))
          .isNotEmpty()
          .allSatisfy(rule -> isNarrow(rule.getTo(), rule.getPorts()));
    }

    /** Rules of a direction that the policy is not for have no effect. */
    @Test
    void hasNoRuleInVain() {
      assertThat(policies(it))
          .extracting(NetworkPolicy::getSpec)
          .allSatisfy(
              policy -> {
                assertThat(
                        policy.getIngress().isEmpty()
                            || policy.getPolicyTypes().contains("Ingress"))
                    .isTrue();
                assertThat(
                        policy.getEgress().isEmpty() || policy.getPolicyTypes().contains("Egress"))
                    .isTrue();
              });
    }

    @Test
    void isMeasuredFromTheNamespaceOfThoseWhoWatchAlone() {
      assertThat(ingress(ofNoRegion(it)))
          .singleElement()
          .satisfies(
              rule -> {
                assertThat(ports(rule.getPorts())).containsExactly(it.port("management"));
                assertThat(rule.getFrom())
                    .singleElement()
                    .extracting(peer -> peer.getNamespaceSelector().getMatchLabels())
                    .isEqualTo(Map.of("kubernetes.io/metadata.name", "monitoring"));
              });
    }

    @Test
    void asksTheClusterForNamesAndElsewhereRegionsAlone() {
      assertThat(egress(ofNoRegion(it).stream().filter(policy -> !isWatch(policy)).toList()))
          .singleElement()
          .satisfies(
              rule -> {
                assertThat(ports(rule.getPorts())).containsExactly(53, 53);
                assertThat(rule.getPorts())
                    .extracting(NetworkPolicyPort::getProtocol)
                    .containsExactly("UDP", "TCP");
                assertThat(rule.getTo())
                    .singleElement()
                    .satisfies(
                        peer -> {
                          assertThat(peer.getNamespaceSelector().getMatchLabels())
                              .isEqualTo(Map.of("kubernetes.io/metadata.name", "kube-system"));
                          assertThat(peer.getPodSelector().getMatchLabels())
                              .isEqualTo(Map.of("k8s-app", "kube-dns"));
                        });
              });
    }

    private List<Integer> targets(Service service) {
      return service.getSpec().getPorts().stream()
          .map(ServicePort::getTargetPort)
          .map(it::port)
          .toList();
    }

    private List<Integer> ports(List<NetworkPolicyPort> ports) {
      return ports.stream().map(NetworkPolicyPort::getPort).map(it::port).toList();
    }
  }

  @Test
  void reachesTheApiServerOnlyWhereItWatches() {
    assertThat(egress(policies(production).stream().filter(it -> isWatch(it)).toList()))
        .singleElement()
        .satisfies(
            rule -> {
              assertThat(rule.getTo()).singleElement().extracting("ipBlock").isNotNull();
              assertThat(rule.getPorts()).singleElement().extracting("protocol").isEqualTo("TCP");
            });
    assertThat(policies(local)).noneMatch(KubernetesNetworkTest::isWatch);
  }

  private static boolean isWatch(NetworkPolicy policy) {
    return policy.getMetadata().getName().equals("watch");
  }

  /** An address of the node between would tell no asker from another. */
  @Test
  void productionSeesTheAddressOfWhoAsks() {
    assertThat(production.manifests().named(Service.class, "ermine"))
        .hasValueSatisfying(
            service ->
                assertThat(service.getSpec())
                    .extracting("type", "externalTrafficPolicy")
                    .containsExactly("LoadBalancer", "Local"));
  }

  @Test
  void productionHasAPolicyForEachRegionAndForNoOther(@TempDir Path root) {
    List<String> regions =
        regions(production, root).stream().map(region -> region.id().value()).toList();
    assertThat(policies(production))
        .extracting(policy -> policy.getMetadata().getLabels().get(REGION))
        .filteredOn(region -> region != null)
        .containsExactlyInAnyOrderElementsOf(regions);
  }

  @Test
  void productionLetsInWhoAsksAndOutToWhoAnswers(@TempDir Path root) {
    assertThat(regions(production, root))
        .allSatisfy(
            region -> {
              List<NetworkPolicy> policy = of(region);
              assertThat(ingress(policy))
                  .hasSize(region.asks().isPresent() ? 1 : 0)
                  .flatExtracting(NetworkPolicyIngressRule::getPorts)
                  .allSatisfy(port -> assertThat(production.port(port.getPort())).isEqualTo(8443));
              assertThat(egress(policy).stream().flatMap(rule -> rule.getPorts().stream()))
                  .extracting(port -> production.port(port.getPort()))
                  .containsExactlyElementsOf(answerPorts(region));
            });
  }

  /** Its regions are on the loopback interface, of which no policy knows. */
  @Test
  void localReachesNoRegion() {
    assertThat(ofNoRegion(local)).isEqualTo(policies(local));
  }

  private static List<Region> regions(Deployment deployment, Path root) {
    return ((Reading.Loaded) deployment.regions(deployment.files(local, root))).regions().regions();
  }

  private static List<NetworkPolicy> of(Region region) {
    return policies(production).stream()
        .filter(policy -> region.id().value().equals(policy.getMetadata().getLabels().get(REGION)))
        .toList();
  }

  private static List<Integer> answerPorts(Region region) {
    return region.answers().stream()
        .flatMap(answers -> Stream.concat(Stream.of(answers.base()), answers.documents().stream()))
        .map(base -> base.getPort() < 0 ? 443 : base.getPort())
        .distinct()
        .toList();
  }

  private static List<NetworkPolicy> policies(Deployment deployment) {
    return deployment.manifests().all(NetworkPolicy.class);
  }

  private static List<NetworkPolicy> ofNoRegion(Deployment deployment) {
    return policies(deployment).stream()
        .filter(policy -> !policy.getMetadata().getLabels().containsKey(REGION))
        .toList();
  }

  private static List<NetworkPolicyIngressRule> ingress(List<NetworkPolicy> policies) {
    return policies.stream().flatMap(policy -> policy.getSpec().getIngress().stream()).toList();
  }

  private static List<NetworkPolicyEgressRule> egress(List<NetworkPolicy> policies) {
    return policies.stream().flatMap(policy -> policy.getSpec().getEgress().stream()).toList();
  }

  private static void isNarrow(List<NetworkPolicyPeer> peers, List<NetworkPolicyPort> ports) {
    assertThat(peers)
        .isNotEmpty()
        .allSatisfy(
            peer -> {
              if (peer.getIpBlock() == null) {
                assertThat(peer.getNamespaceSelector().getMatchLabels()).isNotEmpty();
              } else {
                String cidr = peer.getIpBlock().getCidr();
                assertThat(Integer.parseInt(cidr.substring(cidr.indexOf('/') + 1)))
                    .isGreaterThanOrEqualTo(16);
              }
            });
    assertThat(ports)
        .isNotEmpty()
        .allSatisfy(port -> assertThat(port.getPort()).isNotNull())
        .allSatisfy(port -> assertThat(port.getEndPort()).isNull());
  }
}
