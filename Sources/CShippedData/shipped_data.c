#include "shipped_data.h"

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wc23-extensions"

const unsigned char mlrepl_iris_csv[] = {
#embed "data/iris.csv"
};
const size_t mlrepl_iris_csv_size = sizeof mlrepl_iris_csv;

const unsigned char mlrepl_wine_csv[] = {
#embed "data/wine.csv"
};
const size_t mlrepl_wine_csv_size = sizeof mlrepl_wine_csv;

const unsigned char mlrepl_digits_csv[] = {
#embed "data/digits.csv"
};
const size_t mlrepl_digits_csv_size = sizeof mlrepl_digits_csv;

#pragma clang diagnostic pop
