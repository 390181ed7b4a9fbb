<?php
// A small shop that speaks epay V1 (MD5), written from the protocol alone. Run: php -S 127.0.0.1:8090 shop.php
// Environment: EPAY_GATEWAY (…/epay), EPAY_PID, EPAY_KEY, SHOP_URL (its own address), SHOP_FILE (its orders, JSON).

function sign(array $params, string $key): string
{
    ksort($params);
    $parts = [];
    foreach ($params as $name => $value) {
        if ($name === 'sign' || $name === 'sign_type' || $value === '') {
            continue;
        }
        $parts[] = $name . '=' . $value;
    }
    return md5(implode('&', $parts) . $key);
}

function genuine(array $params): bool
{
    return isset($params['sign']) && hash_equals(sign($params, getenv('EPAY_KEY')), $params['sign']);
}

function orders(): array
{
    $file = getenv('SHOP_FILE');
    return is_file($file) ? json_decode(file_get_contents($file), true) : [];
}

function store(string $number, string $state): void
{
    $orders = orders();
    $orders[$number] = $state;
    file_put_contents(getenv('SHOP_FILE'), json_encode($orders));
}

$path = parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH);

if ($path === '/buy.php') { // the customer's browser is sent to the gateway
    $params = [
        'pid' => getenv('EPAY_PID'),
        'out_trade_no' => $_GET['no'],
        'notify_url' => getenv('SHOP_URL') . '/notify.php?shop=php',
        'return_url' => getenv('SHOP_URL') . '/return.php',
        'name' => '小秋TIT店 茶&叶',
        'money' => '9.9',
        'param' => 'cart=7',
        'sitename' => 'PHP shop',
    ];
    $params['sign'] = sign($params, getenv('EPAY_KEY'));
    $params['sign_type'] = 'MD5';
    store($_GET['no'], 'open');
    header('Location: ' . getenv('EPAY_GATEWAY') . '/submit.php?' . http_build_query($params), true, 302);
} elseif ($path === '/notify.php') {
    $params = $_GET;
    unset($params['shop']); // its own, not the gateway's
    if (!genuine($params)) {
        echo 'fail';
    } elseif ($params['trade_status'] === 'TRADE_SUCCESS' && abs($params['money'] - 9.9) < 0.001
        && isset(orders()[$params['out_trade_no']])) {
        store($params['out_trade_no'], 'paid ' . $params['param']);
        echo 'success';
    }
} elseif ($path === '/return.php') {
    echo genuine($_GET) ? 'thank you' : 'not genuine';
} else {
    header('Content-Type: application/json');
    echo json_encode(orders(), JSON_UNESCAPED_UNICODE | JSON_FORCE_OBJECT);
}
